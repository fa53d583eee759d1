import type { Refusal } from '../../refusal.js';
import type { Instant } from '../../time.js';
import type { CommandName, ComplaintCommand } from '../command.js';
import type { Course } from '../course.js';
import { conflict } from '../../refusal.js';

/** A rule adds its events to the course, or says why not. `at` is the instant the command holds at. */
export type Rule<N extends CommandName> = (course: Course, command: ComplaintCommand<N>, at: Instant) => { refusal: Refusal } | undefined;

/** The agent who acts must be the owner or the assignee; a supervisor may always (spec: case, commands, by). */
export function notYours({ state }: Course, { by, role }: { by: string; role: string }): { refusal: Refusal } | undefined {
  if (role === 'supervisor' || by === state.owner || by === state.assignee) return undefined;
  return conflict('not-yours', 'Only the owner, the assignee or a supervisor does this; ask a supervisor to assign the case to you.');
}

/** The customer's side must be accepted and not yet resolved. */
export function notHandled({ state }: Course): { refusal: Refusal } | undefined {
  const { customer } = state.tracks;
  if (customer === 'received') return conflict('not-accepted', 'Nobody owns this case yet; accept it first.');
  if (customer === 'accepted' || customer === 'answered') return undefined;
  return conflict(
    'already-resolved',
    'The customer’s side has been resolved; a customer who is not satisfied reopens it through the follow-up.',
  );
}
