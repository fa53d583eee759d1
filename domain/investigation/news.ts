import type { News } from '../complaint/command.js';
import type { Investigation } from './state.js';

/** How far an investigation has come, for the complaints linked to it (spec: case, investigations). */
export function newsOf(state: Investigation): News {
  return { investigation: state.id, rootAt: state.rootAt, measureAt: state.measureAt, verifiedAt: state.concludedAt };
}
