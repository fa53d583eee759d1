import { latest, SECOND } from '../time.js';
import { readClock, type Clock } from './clock.js';
import { aroundTheClock } from './openTime.js';
import type { SimulateRequest, SimulateResponse } from './schema.js';

/** What a clock with this budget and ledger shows at `now`; seconds are rounded down (spec: sla, one clock). */
export function simulate(request: SimulateRequest): SimulateResponse {
  const clock = clockOf(request);
  const { state, dueAt, breachedAt, consumedMs, warnings } = readClock(clock, aroundTheClock, request.now);
  if (state === 'cancelled') throw new Error('a simulated ledger cancels nothing');
  return { state, dueAt, breachedAt, consumedSeconds: Math.floor(consumedMs / SECOND), warnings };
}

function clockOf({ start, budgetSeconds, warnAt, log, now }: SimulateRequest): Clock {
  const happened = log
    .filter((entry) => entry.at <= now)
    .map((entry) => ({ ...entry, at: latest(entry.at, start) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    id: 'simulated', name: 'response', cycle: 1, request: null, scope: 'service', pausable: true,
    startedAt: start, budgetMs: budgetSeconds * SECOND, warnAt, log: happened, warned: [], breachedAt: null,
    end: happened.some((entry) => entry.type === 'stop') ? 'stopped' : null,
  };
}
