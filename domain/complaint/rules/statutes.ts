import type { Extension } from '../../policy/agreement.js';
import { statutesOf } from '../../policy/budgets.js';
import type { Statute } from '../../policy/schema.js';
import { conflict, forbidden, invalid, type Refusal } from '../../refusal.js';
import { calendarOf, dueOf, extendClock, type Clock } from '../../sla/clock.js';
import { statuteOfClock } from '../clocks.js';
import { byCommand, emit, type Course, type Stamp } from '../course.js';
import type { RequestedExtension } from '../state.js';
import { notYours, type Rule } from './rule.js';

/** More time under a regulator's rule, while its limit has not passed: at once, or once somebody of the rung it takes has approved. */
export const extend: Rule<'extend'> = (course, command, at) => {
  const refused = notYours(course, command);
  if (refused) return refused;
  const limit = limitOf(course, command.data);
  if ('refusal' in limit) return limit;
  const { statute, extension, clock } = limit;
  const names = { statute: statute.name, extension: extension.name, clock: clock.id };
  const { reason } = command.data;
  const stamp = byCommand(command, at);
  if (extension.approval === undefined) return grant(course, limit, stamp, reason);
  emit(course, { ...stamp, type: 'extension_requested', data: { ...names, approval: extension.approval, reason } });
  return undefined;
};

/** Approved by another than who asked, of the rung that the rule takes, before the limit has passed. */
export const approveExtension: Rule<'approveExtension'> = (course, command, at) => {
  const asked = requested(course, command);
  if ('refusal' in asked) return asked;
  const limit = limitOf(course, asked, asked);
  if ('refusal' in limit) return limit;
  const rung = Math.max(asked.approval ?? 0, limit.extension.approval ?? 0);
  if ((command.rung ?? 0) < rung) return tooLow(rung);
  return grant(course, limit, byCommand(command, at), null);
};

/** Refused by another than who asked, of that rung; it may be asked for again. */
export const refuseExtension: Rule<'refuseExtension'> = (course, command, at) => {
  const asked = requested(course, command);
  if ('refusal' in asked) return asked;
  const { statute, extension, clock } = asked;
  emit(course, { ...byCommand(command, at), type: 'extension_refused', data: { statute, extension, clock, reason: command.data.reason } });
  return undefined;
};

interface Limit {
  statute: Statute;
  extension: Extension;
  clock: Clock;
}

/** Puts the limit later; refused where that is not what comes of it. */
function grant(course: Course, limit: Limit, stamp: Stamp, reason: string | null): { refusal: Refusal } | undefined {
  const { statute, extension, clock } = limit;
  const { hours, extended } = course.agreement;
  const due = dueOf(clock, hours);
  const later = due && extended(statute, extension, { from: clock.startedAt, due });
  // on the clock's own calendar, which a migration may have left behind
  const more = due && later ? hours(calendarOf(clock)).between(due, later) : 0;
  if (more === 0) return conflict('extension-no-later', 'This extension makes the limit no later, or the years of its calendar end before.');
  const change = extendClock(clock, clock.budgetMs + more, stamp.at, hours);
  const data = { statute: statute.name, extension: extension.name, clock: clock.id, dueAt: change.dueAt, reason, clocks: [change] };
  emit(course, { ...stamp, type: 'extended', data });
  return undefined;
}

/** The limit that is to be extended, and by which of its extensions: each once, in their order, before the limit has passed. */
function limitOf(
  course: Course,
  named: { statute: string | null; extension: string },
  own?: RequestedExtension,
): Limit | { refusal: Refusal } {
  const { state, policy } = course;
  const statutes = statutesOf(policy);
  if (statutes.length === 0) return conflict('no-statute', 'No regulator’s limit holds for this case: its policy has none.');
  const statute = named.statute === null && statutes.length === 1 ? statutes[0] : statutes.find(({ name }) => name === named.statute);
  if (!statute) return invalid('statute-unknown', 'statute', `The case’s policy has ${statutes.map(({ name }) => name).join(', ')}.`);
  const { extensions = [] } = statute;
  const n = extensions.findIndex(({ name }) => name === named.extension);
  const extension = extensions[n];
  if (!extension) return invalid('extension-unknown', 'extension', `${statute.name} can be extended by: ${extensions.map(({ name }) => name).join(', ') || 'nothing'}.`);
  const clock = state.clocks.findLast((one) => one.name === 'statutory' && statuteOfClock(policy, one)?.name === statute.name);
  if (!clock || clock.end !== null) return conflict('statute-not-running', 'This limit does not run: the customer’s side has been resolved.');
  if (clock.breachedAt !== null) return conflict('statute-passed', 'The limit has passed, and stays passed; an extension comes before that.');
  const before = (state.extensions ?? []).filter((one) => one !== own && one.clock === clock.id);
  const isGranted = (name: string): boolean => before.some((one) => one.extension === name && one.state === 'granted');
  if (before.some((one) => one.state === 'requested')) return conflict('extension-requested', 'An extension has been asked for; it is approved or refused first.');
  if (isGranted(extension.name)) return conflict('extension-used', 'The limit has been extended by this already.');
  const missing = extensions.slice(0, n).find(({ name }) => !isGranted(name));
  if (missing) return conflict('extension-order', `The limit is extended by ${missing.name} first.`);
  return { statute, extension, clock };
}

/** The extension that waits for a decision, which this supervisor may take. */
function requested(
  { state }: Course,
  { by, rung, data: { statute } }: { by: string; rung: number | null; data: { statute: string | null } },
): RequestedExtension | { refusal: Refusal } {
  const running = new Set(state.clocks.filter(({ end }) => end === null).map(({ id }) => id));
  const waiting = (state.extensions ?? []).filter((one) => one.state === 'requested' && running.has(one.clock));
  const named = statute === null ? waiting : waiting.filter((one) => one.statute === statute);
  const [asked, another] = named;
  if (!asked) return conflict('no-extension', 'No extension waits for a decision.');
  if (another) return invalid('statute-unknown', 'statute', `Several wait; name one of ${named.map((one) => one.statute).join(', ')}.`);
  if ((rung ?? 0) < (asked.approval ?? 0)) return tooLow(asked.approval ?? 0);
  if (asked.requestedBy === by) return conflict('extension-own', 'An extension takes two people; somebody else decides on yours.');
  return asked;
}

function tooLow(rung: number): { refusal: Refusal } {
  return forbidden('rung-too-low', `This takes a supervisor of rung ${rung} or above; ask one.`);
}
