import type { Hours } from '../sla/openTime.js';
import { calendarId } from '../policy/agreement.js';
import { calendarsOf, dueOf, isPaused, type Clock, type ClockName } from '../sla/clock.js';
import type { Instant } from '../time.js';
import type { Complaint } from './state.js';
import type { CustomerTrack } from './terms.js';

const beingHandled: readonly CustomerTrack[] = ['received', 'accepted', 'answered'];
const customerDone: readonly CustomerTrack[] = ['satisfied', 'unanswered', 'final', 'withdrawn'];

export function isCustomerDone(state: Complaint): boolean {
  return customerDone.includes(state.tracks.customer);
}

/** Whether the customer's side is worked on: by its owner, or by nobody yet. */
export function isHandled({ tracks: { customer } }: Pick<Complaint, 'tracks'>): boolean {
  return beingHandled.includes(customer);
}

/** What the customer may say of the case now: any verdict, only that they are content after all, or none. */
export type Judgement = 'any' | 'satisfied' | 'none';

/**
 * Staff take a verdict down when the customer was asked; the customer gives one then, when nobody waited for it any more, and to
 * contradict what staff took down for them: also that they were not content, for which the case is handled again (spec: case, follow-up).
 */
export function judgementOf({ tracks, followUp: { answeredRole } }: Pick<Complaint, 'tracks' | 'followUp'>): Judgement {
  const byStaff = answeredRole !== null && answeredRole !== 'customer';
  const { customer } = tracks;
  if (customer === 'resolved' || customer === 'unanswered' || (customer === 'satisfied' && byStaff)) return 'any';
  return isHandled({ tracks }) && byStaff ? 'satisfied' : 'none';
}

/** The lowest level that is not done; 3 when all are (spec: case, tracks). */
export function levelOf(state: Complaint): 1 | 2 | 3 {
  if (!isCustomerDone(state)) return 1;
  return state.tracks.responsibility === 'decided' ? 3 : 2;
}

export type Status = 'open' | 'paused' | 'resolved' | 'closed' | 'duplicate';

/** The headline of a case (spec: case, tracks). */
export function statusOf(state: Complaint): Status {
  if (state.closedAt) return 'closed';
  if (state.tracks.customer === 'resolved' || isCustomerDone(state)) return 'resolved';
  return state.paused ? 'paused' : 'open';
}

/** The earliest due date among the clocks that have not ended, also one that has passed; null when nothing is due. */
export function nextDueAt(state: Complaint, hours: Hours): Instant | null {
  const due = state.clocks.filter((clock) => clock.end === null).map((clock) => dueOf(clock, hours));
  return due.filter((at) => at !== null).sort()[0] ?? null;
}

/** Every calendar, by id, that the case's policy names or that a clock of it has been on. */
export function calendarIdsOf({ calendars = {}, clocks }: Complaint): string[] {
  return [...new Set([...Object.entries(calendars).map(([name, version]) => calendarId(name, version)), ...clocks.flatMap(calendarsOf)])];
}

/** How a clock that has not ended stands. `due_soon`: it has warned that three quarters of its budget are used. */
export const clockStandings = ['running', 'paused', 'due_soon', 'breached'] as const;
export type ClockStanding = (typeof clockStandings)[number];

/** Every clock that has not ended, in one order: what moves it from one standing to the next is an event, so this needs no now. */
export function clocksOf(state: Complaint): { name: ClockName; standing: ClockStanding }[] {
  const open = state.clocks.filter((clock) => clock.end === null).map((clock) => ({ name: clock.name, standing: standingOf(clock) }));
  return open.sort((a, b) => (`${a.name} ${a.standing}` < `${b.name} ${b.standing}` ? -1 : 1));
}

function standingOf(clock: Clock): ClockStanding {
  if (clock.breachedAt !== null) return 'breached';
  if (isPaused(clock)) return 'paused';
  return clock.warned.some((percent) => percent >= SOON_PERCENT) ? 'due_soon' : 'running';
}

const SOON_PERCENT = 75;
