import { latest, type Instant } from '../time.js';
import type { Clock, ClockChange } from './clock.js';
import { applyClockChange } from './fold.js';
import { calendarOf, dueOf, ledgerEnd, runsOf, usedBy } from './ledger.js';
import type { Hours } from './openTime.js';

/** What a clock starts with; the rest of it is its ledger. */
export type ClockStart = Pick<Clock, 'id' | 'name' | 'cycle' | 'request' | 'scope' | 'pausable' | 'calendar' | 'budgetMs' | 'warnAt'> & { at: Instant };

/** Starts a clock at `at` with a budget in milliseconds. */
export function startClock(start: ClockStart, hours: Hours): ClockChange {
  return withDue(null, { op: 'start', dueAt: null, ...start }, hours);
}

/** Holds a pausable clock from `at`; a clock that is held, has ended or is not pausable is left as it is. */
export function pauseClock(clock: Clock, at: Instant, hours: Hours): ClockChange {
  return entered(clock, 'pause', at, hours);
}

/** Lets a held clock go on from `at`, which may lie back (a message on its way) but never before the pause. */
export function resumeClock(clock: Clock, at: Instant, hours: Hours): ClockChange {
  return entered(clock, 'resume', at, hours);
}

/** Ends a clock because what it promised has been done at `at`: met, or breached when that was late. */
export function stopClock(clock: Clock, at: Instant, hours: Hours): ClockChange {
  return entered(clock, 'stop', at, hours);
}

/** Ends a clock because what it promised is no longer asked for. A breach it has had stays. */
export function cancelClock(clock: Clock, at: Instant, hours: Hours): ClockChange {
  return entered(clock, 'cancel', at, hours);
}

type BudgetChange = Extract<ClockChange, { op: 'budget' }>;

/** How much open time a clock has, and on which calendar. */
export interface Allowance {
  budgetMs: number;
  /** id; null: around the clock */
  calendar: string | null;
  /** it was told in business days: what it comes to, from the clock's start */
  inDays?: boolean;
}

/**
 * Puts another allowance on a clock that has not ended; null when that changes nothing. What is used stays used, on the calendar it was
 * used on, and an earlier breach stays. `raised`: the tighter of the two holds, so the due date never moves later. `lowered`, and by
 * a migration: the new budget counts from the clock's start (spec: sla, policy).
 */
export function rebudgetClock(clock: Clock, given: Allowance, at: Instant, hours: Hours, direction: 'raised' | 'lowered'): BudgetChange | null {
  if (clock.end !== null) return null;
  const { calendar } = given;
  const isMoved = calendar !== calendarOf(clock);
  const budgetMs = isMoved && given.inDays ? inDaysOf(clock, given, at, hours) : given.budgetMs;
  if (!isMoved && budgetMs === clock.budgetMs) return null;
  if (direction === 'raised' && !isTighter(clock, { budgetMs, calendar }, at, hours)) return null;
  const change: BudgetChange = { op: 'budget', id: clock.id, at, budgetMs, dueAt: null };
  // a ledger is read in order, also where what it moves from was entered later
  return withDue(clock, isMoved ? { ...change, at: latest(at, ledgerEnd(clock)), calendar } : change, hours);
}

/** What another policy has for a clock: as `rebudgetClock` lowered, and other percentages to warn at. Null when that changes nothing. */
export function replanClock(clock: Clock, given: Allowance, warnAt: number[], at: Instant, hours: Hours): BudgetChange | null {
  const change = rebudgetClock(clock, given, at, hours, 'lowered');
  const isAsBefore = warnAt.length === clock.warnAt.length && warnAt.every((percent) => clock.warnAt.includes(percent));
  if (clock.end !== null || (isAsBefore && change === null)) return null;
  const kept = change ?? withDue<BudgetChange>(clock, { op: 'budget', id: clock.id, at, budgetMs: clock.budgetMs, dueAt: null }, hours);
  const warned = stillWarned(clock, kept.budgetMs, at, hours);
  return { ...kept, ...(isAsBefore ? {} : { warnAt }), ...(warned.length === clock.warned.length ? {} : { warned }) };
}

/**
 * Gives a clock that runs a longer budget from its start. It warns anew: of every percentage that is not reached yet of the longer one.
 */
export function extendClock(clock: Clock, budgetMs: number, at: Instant, hours: Hours): ClockChange {
  return withDue(clock, { op: 'budget', id: clock.id, at, budgetMs, warned: stillWarned(clock, budgetMs, at, hours), dueAt: null }, hours);
}

/**
 * Business days on another calendar are due as if the clock had been on it from its start: what is left of them is the open time of
 * that calendar in which it has not run. They are never used up before the clock moves.
 */
function inDaysOf(clock: Clock, { budgetMs, calendar }: Allowance, at: Instant, hours: Hours): number {
  const there = runsOf(clock).reduce((used, { from, to }) => used + hours(calendar).between(from, to ?? at), 0);
  return usedBy(clock, hours, at) + Math.max(0, budgetMs - there);
}

/** Whether a clock that ran on from `at` would be due earlier with this allowance than with its own. */
function isTighter(clock: Clock, { budgetMs, calendar }: Allowance, at: Instant, hours: Hours): boolean {
  const own = calendarOf(clock);
  if (calendar === own) return budgetMs < clock.budgetMs;
  const used = usedBy(clock, hours, at);
  const due = hours(calendar).after(at, budgetMs - used);
  const dueNow = hours(own).after(at, clock.budgetMs - used);
  return due !== null && (dueNow === null || due < dueNow);
}

/** Of the percentages that have been warned of, those that are reached of another budget too. */
function stillWarned(clock: Clock, budgetMs: number, at: Instant, hours: Hours): number[] {
  const used = usedBy(clock, hours, at);
  return clock.warned.filter((percent) => used >= Math.ceil((budgetMs * percent) / 100));
}

function entered(clock: Clock, op: 'pause' | 'resume' | 'stop' | 'cancel', at: Instant, hours: Hours): ClockChange {
  // a ledger is read in order: nothing is entered before what it already knows; a clock that is held may have moved meanwhile
  const known = op === 'resume' ? ledgerEnd({ ...clock, log: clock.log.filter(({ type }) => type !== 'calendar') }) : ledgerEnd(clock);
  return withDue(clock, { op, id: clock.id, at: latest(at, known), dueAt: null }, hours);
}

function withDue<Change extends ClockChange>(clock: Clock | null, change: Change, hours: Hours): Change {
  return { ...change, dueAt: dueOf(applyClockChange(clock, change), hours) };
}
