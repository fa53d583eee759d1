import type { Envelope } from '../event.js';
import type { Agreement, CalendarVersions } from '../policy/agreement.js';
import { conflict, stale, type Decision } from '../refusal.js';
import { cancelClock, replanClock, type ClockChange } from '../sla/clock.js';
import type { Instant } from '../time.js';
import { startingStatutes, statuteOfClock } from './clocks.js';
import { begin, byCommand, emit, type Course } from './course.js';
import { pass } from './deadlines.js';
import { effective } from './decide.js';
import type { ComplaintEvent } from './event.js';
import { settle } from './settle.js';
import { isHandled } from './standing.js';
import type { Complaint } from './state.js';

/** Puts an open case under another policy, or another version of its calendars (spec: sla, policy). */
export type Migrate = Envelope<'migrate', Migration>;

export interface Migration {
  /** id of the migration that asked for it */
  migration: string;
  policy: { name: string; version: number };
  /** the version of each calendar that the policy names; absent when it names none */
  calendars?: CalendarVersions;
}

/**
 * What a migration does to a case: every clock that runs gets the budget, the calendar and the warnings of the new policy; what it has
 * used stays used, and a breach stays. A regulator's limit that the new policy has and the old one had not starts at the receipt; one
 * that it has not is taken back, and one that was extended stays as it is.
 * @param current what the case is held to
 * @param next what it will be held to; it knows the calendars of both
 */
export function decideMigration(
  state: Complaint,
  command: Migrate,
  { current, next }: { current: Agreement; next: Agreement },
  now: Instant,
  ifMatch: number | null = null,
): Decision<ComplaintEvent> {
  const seen = ifMatch === null || ifMatch === state.version;
  if (state.closedAt !== null) return seen ? conflict('closed', 'The case is closed, and keeps the policy it was closed under.') : stale(state.version);
  const at = effective(state, command.at, now);
  const before = begin(state, current);
  pass(before, at);
  if (before.state.closedAt !== null) return conflict('closed', 'The case is closed, and keeps the policy it was closed under.');
  if (!seen) return stale(state.version);
  const { migration, policy, calendars } = command.data;
  if (isSame(before.state, command.data)) return conflict('same-policy', 'The case is under this policy and these calendars already.');
  const course: Course = { ...begin(before.state, next), events: before.events };
  emit(course, {
    ...byCommand(command, at),
    type: 'policy_migrated',
    data: { migration, from: before.state.policy, to: policy, ...(calendars && { calendars }), clocks: replanned(course, at) },
  });
  settle(course, at, byCommand(command, at));
  if (course.state.closedAt === null) pass(course, at);
  return { events: course.events };
}

function isSame({ policy, calendars = {} }: Complaint, { policy: to, calendars: given = {} }: Migration): boolean {
  const names = new Set([...Object.keys(calendars), ...Object.keys(given)]);
  return policy.name === to.name && policy.version === to.version && [...names].every((name) => calendars[name] === given[name]);
}

function replanned({ state, agreement }: Course, at: Instant): ClockChange[] {
  const { policy, hours } = agreement;
  const changes = state.clocks.filter((clock) => clock.end === null).map((clock): ClockChange | null => {
    if (clock.name !== 'statutory') {
      return replanClock(clock, agreement.allowance(clock.name, state.tier, clock.startedAt), policy.warnAt, at, hours);
    }
    const statute = statuteOfClock(policy, clock);
    if (!statute) return cancelClock(clock, at, hours);
    const isExtended = (state.extensions ?? []).some((one) => one.clock === clock.id && one.state === 'granted');
    return isExtended ? null : replanClock(clock, agreement.within(statute, clock.startedAt), policy.warnAt, at, hours);
  });
  const counted = state.clocks.filter(({ name, end }) => name === 'statutory' && end !== 'cancelled');
  const known = new Set(counted.map((clock) => statuteOfClock(policy, clock)?.name));
  const isMissing = isHandled(state) && state.firstResolvedAt === null;
  const all = isMissing ? startingStatutes(agreement, state.receivedAt, state.cycle, state.clocks) : [];
  const started = all.filter((change) => !known.has(statuteOfClock(policy, change)?.name));
  return [...changes.filter((change) => change !== null), ...started];
}
