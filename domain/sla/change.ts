import { latest, type Instant } from '../time.js';
import type { Clock, ClockChange } from './clock.js';
import { applyClockChange } from './fold.js';
import { dueOf, ledgerEnd } from './ledger.js';
import type { OpenTime } from './openTime.js';

/** What a clock starts with; the rest of it is its ledger. */
export type ClockStart = Pick<Clock, 'id' | 'name' | 'cycle' | 'request' | 'scope' | 'pausable' | 'budgetMs' | 'warnAt'> & { at: Instant };

/** Starts a clock at `at` with a budget in milliseconds. */
export function startClock(start: ClockStart, open: OpenTime): ClockChange {
  return withDue(null, { ...start, op: 'start', dueAt: null }, open);
}

/** Holds a pausable clock from `at`; a clock that is held, has ended or is not pausable is left as it is. */
export function pauseClock(clock: Clock, at: Instant, open: OpenTime): ClockChange {
  return entered(clock, 'pause', at, open);
}

/** Lets a held clock go on from `at`, which may lie back (a message on its way) but never before the pause. */
export function resumeClock(clock: Clock, at: Instant, open: OpenTime): ClockChange {
  return entered(clock, 'resume', at, open);
}

/** Ends a clock because what it promised has been done at `at`: met, or breached when that was late. */
export function stopClock(clock: Clock, at: Instant, open: OpenTime): ClockChange {
  return entered(clock, 'stop', at, open);
}

/** Ends a clock because what it promised is no longer asked for. A breach it has had stays. */
export function cancelClock(clock: Clock, at: Instant, open: OpenTime): ClockChange {
  return entered(clock, 'cancel', at, open);
}

/**
 * Puts the budget of another tier on a clock that has not ended; null when that changes nothing. What is used stays used and an
 * earlier breach stays. `raised`: the tighter budget holds, so the due date never moves later. `lowered`: the new budget counts
 * from the clock's start (spec: sla, policy).
 */
export function rebudgetClock(clock: Clock, budgetMs: number, at: Instant, open: OpenTime, direction: 'raised' | 'lowered'): ClockChange | null {
  if (clock.end !== null || budgetMs === clock.budgetMs) return null;
  if (direction === 'raised' && budgetMs > clock.budgetMs) return null;
  return withDue(clock, { op: 'budget', id: clock.id, at, budgetMs, dueAt: null }, open);
}

function entered(clock: Clock, op: 'pause' | 'resume' | 'stop' | 'cancel', at: Instant, open: OpenTime): ClockChange {
  // a ledger is read in order: nothing is entered before what it already knows
  return withDue(clock, { op, id: clock.id, at: latest(at, ledgerEnd(clock)), dueAt: null }, open);
}

function withDue(clock: Clock | null, change: ClockChange, open: OpenTime): ClockChange {
  return { ...change, dueAt: dueOf(applyClockChange(clock, change), open) };
}
