import { latest, type Instant } from '../time.js';
import type { Clock } from './clock.js';
import type { Hours } from './openTime.js';

/** A stretch in which a clock ran on one calendar; `to` is null while it still does. */
export interface Run {
  from: Instant;
  to: Instant | null;
  calendar: string | null;
}

type Ledger = Pick<Clock, 'startedAt' | 'log' | 'calendar'>;
type Moves = Pick<Ledger, 'log' | 'calendar'>;

/** The stretches in which the clock ran, in order. A repeated pause or resume is ignored, and so is all after a stop. */
export function runsOf({ startedAt, log, calendar: first }: Ledger): Run[] {
  const runs: Run[] = [];
  let from: Instant | null = startedAt;
  let calendar = first ?? null;
  for (const entry of log) {
    if (entry.type === 'resume') from ??= entry.at;
    else if (from !== null) {
      runs.push({ from, to: entry.at, calendar });
      from = entry.type === 'calendar' ? entry.at : null;
    }
    if (entry.type === 'calendar') ({ calendar } = entry);
    if (entry.type === 'stop') return runs;
  }
  return from === null ? runs : [...runs, { from, to: null, calendar }];
}

/** The calendar that the clock is on now; null: around the clock. */
export function calendarOf({ log, calendar }: Moves): string | null {
  const moved = log.findLast((entry) => entry.type === 'calendar');
  return moved ? moved.calendar : calendar ?? null;
}

/** Every calendar that the clock has been on, by id. */
export function calendarsOf({ log, calendar }: Moves): string[] {
  const all = [calendar ?? null, ...log.map((entry) => (entry.type === 'calendar' ? entry.calendar : null))];
  return [...new Set(all.filter((id) => id !== null))];
}

/** When the clock was stopped, or taken back; null while it goes on. */
export function stopOf({ log }: Pick<Ledger, 'log'>): Instant | null {
  return log.find((entry) => entry.type === 'stop')?.at ?? null;
}

/** The latest instant the ledger knows: nothing is entered before it. */
export function ledgerEnd({ startedAt, log }: Pick<Ledger, 'startedAt' | 'log'>): Instant {
  return latest(startedAt, ...log.map((entry) => entry.at));
}

/** Open milliseconds used up to `now`. */
export function usedBy(ledger: Ledger, hours: Hours, now: Instant): number {
  return runsOf(ledger).reduce((used, { from, to, calendar }) => used + hours(calendar).between(from, to ?? now), 0);
}

/** When the budget is used up if the clock keeps running from its last resume; null while paused, unless breached before. */
export function dueOf(clock: Clock, hours: Hours): Instant | null {
  return clock.breachedAt ?? breachOf(clock, hours) ?? dueAtStop(clock, hours);
}

/**
 * When time passes the due date with the clock running, which for a clock that goes on may lie ahead; null when no run passes it, or
 * when it lies beyond the years of the calendar.
 * A run that ends at the due date itself is in time.
 */
export function breachOf(clock: Clock, hours: Hours): Instant | null {
  // compared as instants: after closing time a clock uses nothing more, and is late all the same
  return usedUpAt(clock, hours, clock.budgetMs, (at, end) => at < end);
}

/** When each warning's part of the budget is reached, in order, which may lie ahead; those that no run reaches are left out. */
export function warningsOf(clock: Clock, hours: Hours): { percent: number; at: Instant }[] {
  const percents = [...new Set(clock.warnAt)].sort((a, b) => a - b);
  return percents.flatMap((percent) => {
    const at = usedUpAt(clock, hours, Math.ceil((clock.budgetMs * percent) / 100), (reached, end) => reached <= end);
    return at === null ? [] : [{ percent, at }];
  });
}

/** When so much is used up: in the first run that comes so far, which `counts` tells of one that has ended; null when none does. */
function usedUpAt(clock: Clock, hours: Hours, part: number, counts: (at: Instant, end: Instant) => boolean): Instant | null {
  let left = part;
  for (const { from, to, calendar } of runsOf(clock)) {
    const open = hours(calendar);
    const used = to === null ? left : open.between(from, to);
    if (used >= left) {
      const at = open.after(from, left);
      if (to === null || (at !== null && counts(at, to))) return at;
    }
    left -= used;
  }
  return null;
}

/** The due date of a clock that was stopped in time while it ran; one that was stopped while paused had none. */
function dueAtStop(clock: Clock, hours: Hours): Instant | null {
  const stop = stopOf(clock);
  const last = runsOf(clock).at(-1);
  if (stop === null || !last || last.to !== stop) return null;
  const open = hours(last.calendar);
  return open.after(last.from, clock.budgetMs - usedBy(clock, hours, stop) + open.between(last.from, stop));
}
