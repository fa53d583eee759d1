import { latest, type Instant } from '../time.js';
import { breachOf, dueOf, ledgerEnd, runsOf, stopOf, usedBy, warningsOf } from './ledger.js';
import type { Hours } from './openTime.js';

/** Those that every policy has a budget for. */
export const plannedClocks = ['response', 'resolution', 'dispatch', 'plan', 'followUp', 'acknowledge', 'attribution', 'cause'] as const;
export type PlannedClock = (typeof plannedClocks)[number];
/** `statutory`: a regulator's, of which a policy has as many as it names. */
export const clockNames = [...plannedClocks, 'statutory'] as const;
export type ClockName = (typeof clockNames)[number];
export type ClockScope = 'service' | 'internal' | 'statutory';
export type ClockEnd = 'stopped' | 'cancelled';

/** `calendar`: from here on it runs on another one. */
export type LedgerEntry = { at: Instant; type: 'pause' | 'resume' | 'stop' } | { at: Instant; type: 'calendar'; calendar: string | null };

/** A budget and a ledger of what has been used of it (spec: sla). Its due date is computed, never stored and moved. */
export interface Clock {
  id: string;
  name: ClockName;
  cycle: number;
  /** the request a `plan` clock belongs to */
  request: string | null;
  scope: ClockScope;
  pausable: boolean;
  startedAt: Instant;
  budgetMs: number;
  warnAt: number[];
  /** id of the calendar that it starts on; absent: around the clock */
  calendar?: string;
  log: LedgerEntry[];
  /** percentages that have been warned of */
  warned: number[];
  breachedAt: Instant | null;
  end: ClockEnd | null;
}

/** How an event changes a clock. The event carries it, so that folding needs no policy. `dueAt` is evidence for the auditor. */
export type ClockChange =
  | { op: 'start'; id: string; name: ClockName; cycle: number; request: string | null; scope: ClockScope; pausable: boolean; at: Instant; calendar?: string; budgetMs: number; warnAt: number[]; dueAt: Instant | null }
  | { op: 'pause' | 'resume' | 'stop' | 'cancel'; id: string; at: Instant; dueAt: Instant | null }
  /**
   * `calendar` only when the clock moves to another one, `warned` only when it warns anew (what it has warned of already), `warnAt`
   * only when it warns at other percentages
   */
  | { op: 'budget'; id: string; at: Instant; budgetMs: number; calendar?: string | null; warned?: number[]; warnAt?: number[]; dueAt: Instant | null };

export interface Warning {
  percent: number;
  at: Instant;
}

export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled';

export interface ClockReading {
  /** a clock that was met late is `breached` with its `stoppedAt` */
  state: ClockState;
  /** null while paused, unless breached before */
  dueAt: Instant | null;
  breachedAt: Instant | null;
  /** open milliseconds used up to `now`, also beyond the budget */
  consumedMs: number;
  stoppedAt: Instant | null;
  warnings: Warning[];
}

export type ClockDeadline = { at: Instant; kind: 'warning'; percent: number } | { at: Instant; kind: 'breach' };

/**
 * What budget and ledger say at `now`: the arithmetic of spec/sla.md, whether or not an event has told it yet.
 * A breach that is recorded stays, whatever the budget is now.
 */
export function readClock(clock: Clock, hours: Hours, now: Instant): ClockReading {
  const seen = latest(now, ledgerEnd(clock));
  const breach = breachOf(clock, hours);
  const breachedAt = clock.breachedAt ?? (breach !== null && breach < seen ? breach : null);
  return { ...reading(clock, hours, now, breachedAt), warnings: warningsOf(clock, hours).filter((warning) => warning.at <= seen) };
}

/**
 * As `readClock`, but with the breach that an event has recorded and no other: what a reader of a case is shown
 * (spec: facts come only from events; the used budget is computed at the reader's now). What it has warned of stands in `warned`.
 */
export function readRecord(clock: Clock, hours: Hours, now: Instant): Omit<ClockReading, 'warnings'> {
  return reading(clock, hours, now, clock.breachedAt);
}

/** Open milliseconds used up to `now`, also beyond the budget: the one thing of what `readRecord` tells that time alone changes. */
export function usedAt(clock: Clock, hours: Hours, now: Instant): number {
  return usedBy(clock, hours, latest(now, ledgerEnd(clock)));
}

function reading(clock: Clock, hours: Hours, now: Instant, breachedAt: Instant | null): Omit<ClockReading, 'warnings'> {
  return {
    state: breachedAt === null ? unbreachedState(clock) : 'breached',
    dueAt: breachedAt ?? dueOf(clock, hours),
    breachedAt,
    consumedMs: usedAt(clock, hours, now),
    stoppedAt: stopOf(clock),
  };
}

function unbreachedState(clock: Clock): ClockState {
  if (clock.end === 'cancelled') return 'cancelled';
  if (clock.end === 'stopped') return 'met';
  return isPaused(clock) ? 'paused' : 'running';
}

/**
 * The next thing that time alone will do to a clock that runs: a warning not yet given, or its breach; null when there is none.
 * A breach is the end of it: a warning that a change of budget left behind is not given after it.
 */
export function nextDeadline(clock: Clock, hours: Hours): ClockDeadline | null {
  if (clock.end !== null || clock.breachedAt !== null) return null;
  const breach = breachOf(clock, hours);
  // a tighter budget may have been used up before the pause that holds the clock now
  if (isPaused(clock)) return breach === null ? null : { at: breach, kind: 'breach' };
  const warning = warningsOf(clock, hours).find(({ percent }) => !clock.warned.includes(percent));
  if (warning && (breach === null || warning.at <= breach)) return { at: warning.at, kind: 'warning', percent: warning.percent };
  return breach === null ? null : { at: breach, kind: 'breach' };
}

/** Whether the clock stands still and will go on. */
export function isPaused(clock: Clock): boolean {
  return clock.end === null && runsOf(clock).at(-1)?.to !== null;
}

export { calendarOf, calendarsOf, dueOf } from './ledger.js';
export { applyClockChanges } from './fold.js';
export { cancelClock, pauseClock, extendClock, rebudgetClock, replanClock, resumeClock, startClock, stopClock, type Allowance, type ClockStart } from './change.js';
