import type { ActingRole, Draft } from '../event.js';
import type { Agreement } from '../policy/agreement.js';
import type { Policy } from '../policy/schema.js';
import type { Instant } from '../time.js';
import type { ComplaintEvent } from './event.js';
import { evolve } from './evolve.js';
import type { Complaint } from './state.js';

/** A decision in the making: the case as it stands, and the events that brought it there from where the decision began. */
export interface Course {
  state: Complaint;
  readonly agreement: Agreement;
  readonly policy: Policy;
  readonly events: ComplaintEvent[];
}

/** Who and when an event is signed with. */
export interface Stamp {
  at: Instant;
  by: string;
  role: ActingRole;
  command: string | null;
}

export function begin(state: Complaint, agreement: Agreement): Course {
  return { state, agreement, policy: agreement.policy, events: [] };
}

/** Adds an event: gives it the next number and folds it. */
export function emit(course: Course, draft: Draft<ComplaintEvent>): void {
  const event: ComplaintEvent = { seq: course.state.version + 1, ...draft };
  course.events.push(event);
  course.state = evolve(course.state, event, course.state.id);
}

export function bySystem(at: Instant): Stamp {
  return { at, by: 'system', role: 'system', command: null };
}

export function byCommand(command: { id: string; by: string; role: ActingRole }, at: Instant): Stamp {
  return { at, by: command.by, role: command.role, command: command.id };
}
