import type { Role } from '../../domain/event.js';
import type { Investigation } from '../../domain/investigation/state.js';
import type { Reader } from '../../prisma/reader.js';
import type { Caller } from '../http/caller.js';

/** Who sees every case and investigation. */
export const seeAll: readonly Role[] = ['agent', 'supervisor', 'quality', 'auditor', 'admin'];

/** Whose cases a caller may see; null for somebody who sees none (spec: api, roles). */
export function readerOf(caller: Caller): Reader | null {
  if (caller.roles.some((role) => seeAll.includes(role))) return { sees: 'all' };
  if (caller.roles.includes('department') && caller.department !== null) return { sees: 'department', department: caller.department };
  if (caller.roles.includes('channel')) return { sees: 'filed', by: caller.sub };
  return null;
}

/** Investigations are for staff; a department sees those in which one of its people owns a measure, by that person. */
export function maySee(caller: Caller, investigation: Investigation): boolean {
  if (caller.roles.some((role) => seeAll.includes(role))) return true;
  return caller.roles.includes('department') && owns(caller, investigation);
}

export function owns(caller: Caller, { measures }: Investigation): boolean {
  return measures.some((measure) => measure.owner === caller.sub);
}
