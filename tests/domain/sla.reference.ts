import { instant, millis, type Instant } from '../../domain/time.js';
import type { ClockReading } from '../../domain/sla/clock.js';
import type { OpenTime } from '../../domain/sla/openTime.js';

/** Open or not, second by second. */
export type Hours = (second: number) => boolean;

export interface SlowLedger {
  budget: number;
  warnAt: number[];
  log: { at: number; type: 'pause' | 'resume' | 'stop' }[];
  now: number;
}

const FAR = 20_000;
export const ORIGIN = '2026-11-02T00:00:00.000Z';
export const second = (n: number): Instant => instant(millis(ORIGIN) + n * 1000);

/** Open time made of seconds that are counted one by one. Takes whole seconds only. */
export function slowOpenTime(isOpen: Hours): OpenTime {
  const of = (at: Instant) => (millis(at) - millis(ORIGIN)) / 1000;
  return {
    between(from, to) {
      let open = 0;
      for (let s = of(from); s < of(to); s++) if (isOpen(s)) open += 1000;
      return open;
    },
    after(from, ms) {
      let s = of(from);
      for (let left = ms / 1000; left > 0; s++) if (isOpen(s)) left--;
      return second(s);
    },
    closingAfter: () => null,
  };
}

/** Reads a ledger that starts at second 0 by letting its seconds pass one by one, without any of the arithmetic of the product. */
export function slowReading({ budget, warnAt, log, now }: SlowLedger, isOpen: Hours): Pick<ClockReading, 'state' | 'dueAt' | 'breachedAt' | 'consumedMs' | 'warnings'> {
  let used = 0;
  let running = true;
  let stopped = false;
  let heldAtStop = false;
  const passed: { breachedAt: number | null; usedUpAt: number | null } = { breachedAt: null, usedUpAt: null };
  const warnings: { percent: number; at: number }[] = [];

  const tick = (s: number) => {
    if (used === budget) passed.usedUpAt ??= s;
    if (used >= budget) passed.breachedAt ??= passed.usedUpAt;
    if (!isOpen(s)) return;
    used++;
    if (used === budget) passed.usedUpAt = s + 1;
    for (const percent of warnAt) if (used === (budget * percent) / 100) warnings.push({ percent, at: s + 1 });
  };

  for (let s = 0; s <= now && !stopped; s++) {
    let ranAtThisInstant = running;
    for (const entry of log.filter((one) => one.at === s)) {
      if (stopped) break;
      if (entry.type === 'stop') {
        stopped = true;
        heldAtStop = !ranAtThisInstant;
      } else {
        if (entry.type === 'resume' && !running && used >= budget) passed.usedUpAt = s;
        running = entry.type === 'resume';
        ranAtThisInstant ||= running;
      }
    }
    if (running && !stopped && s < now) tick(s);
  }
  const seen = { used, breachedAt: passed.breachedAt, warnings: [...warnings] };
  let due = seen.breachedAt;
  if (due === null && (stopped ? !heldAtStop : running)) {
    const from = stopped ? (log.find((one) => one.type === 'stop')?.at ?? 0) : now;
    for (let s = from; used < budget && s < FAR; s++) tick(s);
    due = passed.usedUpAt ?? from;
  }
  return {
    state: seen.breachedAt !== null ? 'breached' : stopped ? 'met' : running ? 'running' : 'paused',
    dueAt: due === null ? null : second(due),
    breachedAt: seen.breachedAt === null ? null : second(seen.breachedAt),
    consumedMs: seen.used * 1000,
    warnings: seen.warnings.map(({ percent, at }) => ({ percent, at: second(at) })),
  };
}
