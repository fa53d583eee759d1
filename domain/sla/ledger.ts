import { latest, type Instant } from '../time.js';
import type { Clock } from './clock.js';
import type { OpenTime } from './openTime.js';

/** A stretch in which a clock ran; `to` is null while it still does. */
export interface Run {
  from: Instant;
  to: Instant | null;
}

type Ledger = Pick<Clock, 'startedAt' | 'log'>;

/** The stretches in which the clock ran, in order. A repeated pause or resume is ignored, and so is all after a stop. */
export function runsOf({ startedAt, log }: Ledger): Run[] {
  const runs: Run[] = [];
  let from: Instant | null = startedAt;
  for (const entry of log) {
    if (entry.type === 'resume') from ??= entry.at;
    else if (from !== null) {
      runs.push({ from, to: entry.at });
      from = null;
    }
    if (entry.type === 'stop') return runs;
  }
  return from === null ? runs : [...runs, { from, to: null }];
}

/** When the clock was stopped, or taken back; null while it goes on. */
export function stopOf({ log }: Ledger): Instant | null {
  return log.find((entry) => entry.type === 'stop')?.at ?? null;
}

/** The latest instant the ledger knows: nothing is entered before it. */
export function ledgerEnd({ startedAt, log }: Ledger): Instant {
  return latest(startedAt, ...log.map((entry) => entry.at));
}

/** Open milliseconds used up to `now`. */
export function usedBy(ledger: Ledger, open: OpenTime, now: Instant): number {
  return runsOf(ledger).reduce((used, { from, to }) => used + open.between(from, to ?? now), 0);
}

/** When the budget is used up if the clock keeps running from its last resume; null while paused, unless breached before. */
export function dueOf(clock: Clock, open: OpenTime): Instant | null {
  return clock.breachedAt ?? breachOf(clock, open) ?? dueAtStop(clock, open);
}

/**
 * When time passes the due date with the clock running, which for a clock that goes on may lie ahead; null when no run passes it, or
 * when it lies beyond the years of the calendar.
 * A run that ends at the due date itself is in time.
 */
export function breachOf(clock: Clock, open: OpenTime): Instant | null {
  let used = 0;
  for (const { from, to } of runsOf(clock)) {
    const at = open.after(from, clock.budgetMs - used);
    // compared as instants: after closing time a clock uses nothing more, and is late all the same
    if (to === null || (at !== null && at < to)) return at;
    used += open.between(from, to);
  }
  return null;
}

/** When each warning's part of the budget is reached, in order, which may lie ahead; those that no run reaches are left out. */
export function warningsOf(clock: Clock, open: OpenTime): { percent: number; at: Instant }[] {
  const percents = [...new Set(clock.warnAt)].sort((a, b) => a - b);
  return percents.flatMap((percent) => {
    const at = reachedAt(clock, open, Math.ceil((clock.budgetMs * percent) / 100));
    return at === null ? [] : [{ percent, at }];
  });
}

function reachedAt(clock: Clock, open: OpenTime, part: number): Instant | null {
  let used = 0;
  for (const { from, to } of runsOf(clock)) {
    const at = open.after(from, part - used);
    if (to === null || (at !== null && at <= to)) return at;
    used += open.between(from, to);
  }
  return null;
}

/** The due date of a clock that was stopped in time while it ran; one that was stopped while paused had none. */
function dueAtStop(clock: Clock, open: OpenTime): Instant | null {
  const stop = stopOf(clock);
  const last = runsOf(clock).at(-1);
  if (stop === null || !last || last.to !== stop) return null;
  return open.after(last.from, clock.budgetMs - usedBy(clock, open, stop) + open.between(last.from, stop));
}
