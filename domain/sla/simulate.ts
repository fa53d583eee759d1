import type { Calendar } from '../calendar/calendar.js';
import { covers, openTimeOf } from '../calendar/openTime.js';
import { latest, SECOND } from '../time.js';
import { readClock, type Clock } from './clock.js';
import { alwaysOpen, type Hours } from './openTime.js';
import type { SimulateRequest, SimulateResponse } from './schema.js';

/**
 * What a clock with this budget and ledger shows at `now` on a calendar (none: around the clock); seconds are rounded down (spec: sla,
 * one clock). Null when that cannot be told without days that the calendar does not cover.
 */
export function simulate(request: SimulateRequest, calendar: Calendar | null): SimulateResponse | null {
  if (calendar && !(covers(calendar, request.start) && covers(calendar, request.now))) return null;
  const clock = clockOf(request);
  const { state, dueAt, breachedAt, consumedMs, warnings } = readClock(clock, hoursOf(calendar), request.now);
  if (state === 'cancelled') throw new Error('a simulated ledger cancels nothing');
  if (state === 'running' && dueAt === null) return null;
  return { state, dueAt, breachedAt, consumedSeconds: Math.floor(consumedMs / SECOND), warnings };
}

function hoursOf(calendar: Calendar | null): Hours {
  if (calendar === null) return alwaysOpen;
  const open = openTimeOf(calendar);
  return () => open;
}

function clockOf({ start, budgetSeconds, warnAt, log, now }: SimulateRequest): Clock {
  const happened = log
    .filter((entry) => entry.at <= now)
    .map((entry) => ({ ...entry, at: latest(entry.at, start) }));
  return {
    id: 'simulated', name: 'response', cycle: 1, request: null, scope: 'service', pausable: true,
    startedAt: start, budgetMs: budgetSeconds * SECOND, warnAt, log: happened, warned: [], breachedAt: null,
    end: happened.some((entry) => entry.type === 'stop') ? 'stopped' : null,
  };
}
