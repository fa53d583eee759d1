import { office } from '../../domain/calendar/office.js';
import { openTimeOf } from '../../domain/calendar/openTime.js';
import { agreementOf, type Pinned } from '../../domain/policy/agreement.js';
import { cutCalendar } from '../../domain/calendar/cut.js';
import { Policy } from '../../domain/policy/schema.js';
import { dueOf, readClock, type Clock } from '../../domain/sla/clock.js';
import { alwaysOpen, type OpenTime } from '../../domain/sla/openTime.js';
import { DAY, instant, plus, type Instant } from '../../domain/time.js';
import type { Section, Setting } from '../setting.js';

const HOUR = 3_600_000;
/** The open time of the office in a year and a bit: what is due a year after it starts. */
const YEAR_MS = 1_875 * HOUR;
const STARTS: readonly Instant[] = Array.from({ length: 997 }, (_, n) => instant(Date.UTC(2025, 0, 1) + (n * 300 * DAY) / 997));

/** How many due dates are planned in a second, next to round trips to the database: planning keeps nothing, and asks nobody. */
export async function measurePlanning({ pool, options, say }: Setting): Promise<Section> {
  const open = openTimeOf(office);
  const hours = (): OpenTime => open;
  const pinned = pinnedToOffice();
  const plans: [string, (start: Instant) => unknown][] = [
    ['due date, a year of business hours', (start) => dueOf(clockAt(start, []), hours)],
    ['the same with ten pauses, read whole', (start) => readClock(clockAt(start, pauses(start)), hours, plus(start, 300 * DAY))],
    ['250 business days', (start) => open.closingAfter(start, 250)],
    ['due date, around the clock', (start) => alwaysOpen(null).after(start, YEAR_MS)],
    ['a calendar laid out, then a year planned on it', (start) => openTimeOf(office).after(start, YEAR_MS)],
    ['all clocks of a new case, its calendar laid out', (start) => allOf(pinned, start)],
  ];
  const seconds = options.seconds / 2;
  const rows: [string, number][] = plans.map(([name, plan]) => {
    say(`planning: ${name}`);
    return [name, perSecond(plan, seconds)];
  });
  const asked = await queriesPerSecond(() => pool.query('SELECT 1'), seconds);
  return {
    name: 'planning',
    title: 'Planning: due dates, in one process, next to a round trip to the database',
    tables: [{ head: ['plan', 'per s', 'µs each', 'times SELECT 1'], rows: [...rows, ['SELECT 1, one caller', asked] as const].map(([name, rate]) => [name, rate, 1e6 / rate, rate / asked]) }],
    notes: ['On the calendar that ships, from starts all over a year. Years are laid out when a calendar is first asked for, and kept.'],
    comparisons: [],
    data: { perSecond: Object.fromEntries([...rows, ['SELECT 1', asked]]) },
  };
}

function pinnedToOffice(): Pinned {
  const policy = Policy.parse({
    name: 'office', calendar: 'office', statutory: ['cn-financial'],
    tiers: { general: { response: 'PT4H', resolution: { businessDays: 5 } }, serious: { response: 'PT2H', resolution: 'PT16H' }, urgent: { calendar: null } },
  });
  return { policy, versions: { office: 1 }, calendars: { 'office/1': cutCalendar(office, STARTS[0] ?? '') } };
}

/** As at intake: response, resolution and dispatch, and a regulator's limit. */
function allOf(pinned: Pinned, start: Instant): unknown {
  const { allowance, within, hours, policy } = agreementOf(pinned);
  const planned = (['response', 'resolution', 'dispatch'] as const).map((name) => allowance(name, 'general', start));
  const limits = (policy.statutory ?? []).map((statute) => within(statute, start));
  return [...planned, ...limits].map(({ calendar, budgetMs }) => hours(calendar).after(start, budgetMs));
}

function clockAt(startedAt: Instant, log: Clock['log']): Clock {
  return {
    id: 'planned', name: 'resolution', cycle: 1, request: null, scope: 'service', pausable: true, startedAt, budgetMs: YEAR_MS, warnAt: [50, 75, 90],
    calendar: 'office/1', log, warned: [], breachedAt: null, end: null,
  };
}

function pauses(start: Instant): Clock['log'] {
  return Array.from({ length: 10 }, (_, n) => n * 20 * DAY).flatMap((from): Clock['log'] => [
    { at: plus(start, from + 5 * DAY), type: 'pause' }, { at: plus(start, from + 8 * DAY), type: 'resume' },
  ]);
}

function perSecond(plan: (start: Instant) => unknown, seconds: number): number {
  const until = performance.now() + seconds * 1000;
  const began = performance.now();
  let done = 0;
  let planned: unknown;
  while (performance.now() < until) {
    for (let n = 0; n < 100; n += 1) planned = plan(STARTS[done++ % STARTS.length] ?? '');
  }
  if (planned === undefined) throw new Error('nothing was planned');
  return done / ((performance.now() - began) / 1000);
}

async function queriesPerSecond(ask: () => Promise<unknown>, seconds: number): Promise<number> {
  const began = performance.now();
  let done = 0;
  while (performance.now() < began + seconds * 1000) {
    await ask();
    done += 1;
  }
  return done / ((performance.now() - began) / 1000);
}
