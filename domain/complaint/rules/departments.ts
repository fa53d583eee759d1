import type { Refusal } from '../../refusal.js';
import { conflict } from '../../refusal.js';
import { starting, stopping } from '../clocks.js';
import { byCommand, emit, type Course } from '../course.js';
import { climbFor } from '../ladder.js';
import type { Request } from '../state.js';
import { notHandled, notYours, type Rule } from './rule.js';

/** Asks a department for a plan (L1.7). After a return only the arbiter, a supervisor, dispatches, and that one cannot be returned. */
export const dispatch: Rule<'dispatch'> = (course, command, at) => {
  const refused = notHandled(course) ?? notYours(course, command);
  if (refused) return refused;
  const { requests } = course.state;
  const returned = requests.find((request) => request.state === 'returned' && request.redispatchedAs === null);
  if (returned && command.role !== 'supervisor') {
    return conflict('arbiter-dispatches', 'A request came back as not theirs; a supervisor decides which department it is for.');
  }
  const request = `r${requests.length + 1}`;
  const clocks = [...stopping(course, ['dispatch'], at), starting(course, 'plan', at, { request })];
  emit(course, {
    ...byCommand(command, at),
    type: 'dispatched',
    data: {
      request,
      department: command.data.department,
      text: command.data.text,
      returnable: !returned,
      redispatchOf: returned?.id ?? null,
      clocks,
    },
  });
  return undefined;
};

export const plan: Rule<'plan'> = (course, command, at) => {
  const request = asked(course, command);
  if ('refusal' in request) return request;
  emit(course, {
    ...byCommand(command, at),
    type: 'planned',
    data: { ...command.data, clocks: stopping(course, ['plan'], at, request.id) },
  });
  return undefined;
};

/** "Not ours": to the arbiter at rung 1. */
export const returning: Rule<'return'> = (course, command, at) => {
  const request = asked(course, command);
  if ('refusal' in request) return request;
  if (!request.returnable)
    return conflict('not-returnable', 'The arbiter has decided that this request is for your department; answer with a plan.');
  const stamp = byCommand(command, at);
  emit(course, { ...stamp, type: 'returned', data: { ...command.data, clocks: stopping(course, ['plan'], at, request.id) } });
  climbFor(course, 'returned', stamp, command.data.reason);
  return undefined;
};

function asked(
  { state }: Course,
  { data, department }: { data: { request: string }; department: string | null },
): Request | { refusal: Refusal } {
  const request = state.requests.find(({ id }) => id === data.request);
  if (!request) return conflict('request-unknown', 'This case has no request with that id; read the case for its requests.');
  if (request.department !== department) return conflict('not-your-request', 'This request is for another department.');
  if (request.state === 'asked') return request;
  return conflict(request.state === 'planned' ? 'already-planned' : 'already-returned', 'This request has had its answer.');
}
