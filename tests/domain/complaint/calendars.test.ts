import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCalendar } from '../../../domain/calendar/cut.js';
import { office } from '../../../domain/calendar/office.js';
import { openTimeOf } from '../../../domain/calendar/openTime.js';
import { calendarIdsOf, nextDueAt } from '../../../domain/complaint/standing.js';
import { agreementOf, type Pinned } from '../../../domain/policy/agreement.js';
import { calendarNamesOf } from '../../../domain/policy/budgets.js';
import { dueFrom, warningsOf } from '../../../domain/policy/check.js';
import { faultsWithCalendars, pathOfCalendar } from '../../../domain/policy/reach.js';
import { Policy } from '../../../domain/policy/schema.js';
import { applyClockChanges, pauseClock, readClock, rebudgetClock, resumeClock, startClock } from '../../../domain/sla/clock.js';
import { aroundTheClock } from '../../../domain/sla/openTime.js';
import { DAY, instant, millis, plus, type Instant } from '../../../domain/time.js';
import { ann, clock, customer, dissatisfied, filed, HOUR, message, solution, sue, T0 } from './given.js';

/** Shanghai: 16:30 on Friday 6 November 2026, at which every case here is received unless told. */
const friday: Instant = '2026-11-06T08:30:00.000Z';
const after = (at: Instant) => millis(at) - millis(T0);

const written = {
  name: 'office-hours', calendar: 'office', warnAt: [50],
  tiers: { general: { response: 'PT4H', resolution: { businessDays: 5 } }, serious: { response: 'PT2H', resolution: 'PT16H' }, urgent: { calendar: null, followUp: 'PT48H' } },
  clocks: { dispatch: 'PT1H', plan: 'PT2H', followUp: { businessDays: 2 }, acknowledge: 'PT30M' },
};

function pinned(change: object = {}, from: Instant = friday): Pinned {
  const policy = Policy.parse({ ...written, ...change });
  const named = calendarNamesOf(policy).length > 0;
  return { policy, ...(named && { versions: { office: 1 }, calendars: { 'office/1': cutCalendar(office, from) } }) };
}
const received = (change: object = {}) => filed(ann, { receivedAt: friday, calendars: { office: 1 } }, pinned(change));

describe('clocks on a calendar', () => {
  it('use their budget in its open time only', () => {
    const kase = received();
    expect(clock(kase, 'response-1')).toMatchObject({ calendar: 'office/1', budgetMs: 4 * HOUR });
    // an hour and a half on Friday, then from nine on Monday
    expect(nextDueAt(kase.state, agreementOf(pinned()).hours)).toBe('2026-11-09T03:30:00.000Z');
  });
  it('in business days are due at closing time of the last', () => {
    const kase = received();
    expect(readClock(clock(kase, 'resolution-1'), agreementOf(pinned()).hours, friday).dueAt).toBe('2026-11-13T10:00:00.000Z');
  });
  it('warn and breach in open time, and climb', () => {
    const kase = received();
    kase.wait(after('2026-11-09T03:30:00.001Z'));
    expect(kase.last.map(({ type, at }) => [type, at])).toEqual([
      ['clock_warned', '2026-11-09T01:30:00.000Z'], ['clock_breached', '2026-11-09T03:30:00.000Z'], ['escalated', '2026-11-09T03:30:00.000Z'],
    ]);
    // half an hour for the acknowledgement ends as lunch begins
    expect(clock(kase, 'acknowledge-e1')).toMatchObject({ calendar: 'office/1', startedAt: '2026-11-09T03:30:00.000Z' });
    kase.wait(after('2026-11-09T05:30:00.000Z'));
    expect(kase.last.map(({ type, at }) => [type, at])).toEqual([
      ['clock_warned', '2026-11-09T03:45:00.000Z'], ['clock_breached', '2026-11-09T04:00:00.000Z'], ['escalated', '2026-11-09T04:00:00.000Z'],
    ]);
  });
  it('that are told so, and the standard budgets in days, are around the clock', () => {
    const { policy } = pinned();
    expect(policy.calendars).toEqual({ attribution: null, cause: null });
    const urgent = filed(ann, { receivedAt: friday, tier: 'urgent' }, pinned());
    expect(clock(urgent, 'response-1')).not.toHaveProperty('calendar');
    expect(clock(urgent, 'resolution-1').budgetMs).toBe(2 * HOUR);
  });
  it('of a tier come before those of the clock, and those before that of the policy', () => {
    const policy = Policy.parse({
      ...written, calendar: 'a', calendars: { plan: 'b', dispatch: 'b', acknowledge: null }, clocks: { dispatch: 'PT1H', plan: 'PT1H', acknowledge: 'PT1H', followUp: 'PT24H' },
            tiers: { general: { resolution: 'PT24H' }, serious: { calendar: 'c', calendars: { dispatch: 'd', plan: null } }, urgent: { calendar: null, calendars: { plan: 'a' }, followUp: 'PT48H' } },
    });
    const versions = { a: 1, b: 2, c: 3, d: 4 };
    const always = cutCalendar(office, friday);
    const agreement = agreementOf({ policy, versions, calendars: { 'a/1': always, 'b/2': always, 'c/3': always, 'd/4': always } });
    const on = (tier: 'general' | 'serious' | 'urgent') => (['response', 'plan', 'dispatch', 'acknowledge'] as const).map((name) => agreement.allowance(name, tier, friday).calendar);
    expect(on('general')).toEqual(['a/1', 'b/2', 'b/2', null]);
    expect(on('serious')).toEqual(['c/3', null, 'd/4', 'c/3']);
    expect(on('urgent')).toEqual([null, 'a/1', null, null]);
    expect(calendarNamesOf(policy).sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('business days (docs/clocks.md)', () => {
  const open = openTimeOf(office);
  const shanghai = (text: string): Instant => instant(Date.parse(`${text}:00+08:00`));
  it.each([
    ['2026-11-06T16:30', 5, '2026-11-13T18:00', 39], ['2026-11-06T19:00', 5, '2026-11-13T18:00', 37.5], ['2026-11-07T10:00', 5, '2026-11-13T18:00', 37.5],
    ['2026-11-09T08:00', 5, '2026-11-16T18:00', 45], ['2026-10-09T16:30', 1, '2026-10-10T18:00', 9], ['2026-09-30T16:30', 1, '2026-10-08T18:00', 9],
  ])('from %s, %i: %s', (from, days, due, hours) => {
    const closing = open.closingAfter(shanghai(from), days);
    expect(closing).toBe(shanghai(due));
    expect(open.between(shanghai(from), shanghai(due))).toBe(hours * HOUR);
  });
  it('are longer by the open time of a pause', () => {
    const kase = received();
    kase.do(ann, 'answer', message, after('2026-11-06T09:00:00.000Z'));
    kase.do(ann, 'pause', { reason: 'customer_information', note: null }, after(shanghai('2026-11-09T09:00')));
    kase.do(ann, 'resume', {}, after(shanghai('2026-11-10T12:00')));
    expect(readClock(clock(kase, 'resolution-1'), agreementOf(pinned()).hours, friday).dueAt).toBe(shanghai('2026-11-17T12:00'));
  });
});

describe('a change of tier between calendars', () => {
  it('raised: goes to the tighter, and what was used on the old one stays used', () => {
    const kase = received();
    kase.do(sue, 'classify', { changes: { tier: 'urgent' }, reason: 'w' }, after('2026-11-06T09:30:00.000Z'));
    // an hour is used of the two that an urgent case has around the clock
    expect(clock(kase, 'resolution-1')).toMatchObject({ budgetMs: 2 * HOUR, calendar: 'office/1', log: [{ type: 'calendar', calendar: null, at: '2026-11-06T09:30:00.000Z' }] });
    expect(readClock(clock(kase, 'resolution-1'), agreementOf(pinned()).hours, friday).dueAt).toBe('2026-11-06T10:30:00.000Z');
    expect(calendarIdsOf(kase.state)).toEqual(['office/1']);
  });
  it('raised: never to a later due date', () => {
    // two hours around the clock from a Friday afternoon come before sixteen in the office
    const kase = filed(ann, { receivedAt: friday, calendars: { office: 1 } }, pinned({ tiers: { general: { response: 'PT2H', resolution: 'PT2H', calendar: null, followUp: 'PT48H' }, serious: { response: 'PT1H', resolution: 'PT1H' }, urgent: {} } }));
    kase.do(sue, 'classify', { changes: { tier: 'serious' }, reason: 'w' }, after('2026-11-06T09:50:00.000Z'));
    // an hour and twenty are used of one that would be tighter in the office, but not of this one
    expect(clock(kase, 'resolution-1')).toMatchObject({ budgetMs: HOUR, log: [{ type: 'calendar', calendar: 'office/1' }] });
    const late = filed(ann, { receivedAt: '2026-11-06T09:45:00.000Z', calendars: { office: 1 } }, pinned({ tiers: { general: { response: 'PT2H', resolution: 'PT2H', calendar: null, followUp: 'PT48H' }, serious: { response: 'PT1H', resolution: 'PT1H' }, urgent: {} } }));
    late.do(sue, 'classify', { changes: { tier: 'serious' }, reason: 'w' }, after('2026-11-06T09:50:00.000Z'));
    // five minutes are used; fifty-five of the office end on Monday, five of these two hours tonight
    expect(clock(late, 'resolution-1')).toMatchObject({ budgetMs: 2 * HOUR, log: [] });
  });
  it('lowered: back on the office, with the budget from the start', () => {
    const kase = received();
    kase.do(sue, 'classify', { changes: { tier: 'urgent' }, reason: 'w' }, after('2026-11-06T09:00:00.000Z'));
    kase.do(sue, 'classify', { changes: { tier: 'general' }, reason: 'w' }, after('2026-11-06T09:30:00.000Z'));
    expect(clock(kase, 'resolution-1').log.map((entry) => entry.type)).toEqual(['calendar', 'calendar']);
    // the same five days as if nothing had been: the half hour in between was open too
    expect(readClock(clock(kase, 'resolution-1'), agreementOf(pinned()).hours, friday).dueAt).toBe('2026-11-13T10:00:00.000Z');
  });
});

describe('what nobody pinned a calendar for', () => {
  it('is around the clock, and throws nothing', () => {
    const { policy } = pinned();
    const { allowance } = agreementOf({ policy });
    expect(allowance('response', 'general', friday)).toEqual({ calendar: null, budgetMs: 4 * HOUR });
  });
});

describe('a pause on a calendar', () => {
  it('during which the clock moves ends where the customer wrote, also before the move', () => {
    const kase = received();
    kase.do(ann, 'answer', message, after('2026-11-06T09:00:00.000Z'));
    kase.do(ann, 'pause', { reason: 'customer_information', note: null }, after('2026-11-06T09:30:00.000Z'));
    kase.do(sue, 'classify', { changes: { tier: 'urgent' }, reason: 'w' }, after('2026-11-09T01:00:00.000Z'));
    kase.do(ann, 'hear', { text: 'w', receivedAt: '2026-11-08T00:00:00.000Z' }, after('2026-11-09T02:00:00.000Z'));
    expect(clock(kase, 'resolution-1').log.map(({ type, at }) => [type, at])).toEqual([
      ['pause', '2026-11-06T09:30:00.000Z'], ['resume', '2026-11-08T00:00:00.000Z'], ['calendar', '2026-11-09T01:00:00.000Z'],
    ]);
  });

  it('over a holiday costs nothing, and a reopening starts on the calendar too', () => {
    const eve: Instant = '2026-12-31T07:00:00.000Z';
    const kase = filed(ann, { receivedAt: eve, calendars: { office: 1 } }, pinned({}, eve));
    kase.do(ann, 'answer', message, after('2026-12-31T08:00:00.000Z'));
    kase.do(ann, 'pause', { reason: 'customer_information', note: null }, after('2026-12-31T09:00:00.000Z'));
    kase.do(ann, 'resume', {}, after('2027-01-04T01:00:00.000Z'));
    const { hours } = agreementOf(pinned({}, eve));
    // the fifth open day after New Year's Eve is Friday the 8th; the hour that the pause took of Thursday comes on Monday
    expect(readClock(clock(kase, 'resolution-1'), hours, eve).dueAt).toBe('2027-01-11T02:00:00.000Z');
    kase.do(ann, 'resolve', solution, after('2027-01-08T02:00:00.000Z'));
    kase.do(customer, 'followUp', dissatisfied, after('2027-01-08T09:30:00.000Z'));
    // half an hour on Friday, and three and a half on Monday with lunch between
    expect(readClock(clock(kase, 'response-2'), hours, eve)).toMatchObject({ dueAt: '2027-01-11T06:00:00.000Z' });
  });
});

describe('publishing with calendars', () => {
  it('tells where a policy names a calendar first', () => {
    expect(pathOfCalendar(pinned().policy, 'office')).toEqual(['calendar']);
    expect(pathOfCalendar(pinned({ calendar: 'x', calendars: { plan: 'y' } }).policy, 'y')).toEqual(['calendars', 'plan']);
    const tiers = { ...written.tiers, general: { ...written.tiers.general, calendars: { response: 'z' } } };
    expect(pathOfCalendar(pinned({ tiers }).policy, 'z')).toEqual(['tiers', 'general', 'calendars', 'response']);
    expect(pathOfCalendar(pinned({ tiers: { ...written.tiers, serious: { ...written.tiers.serious, calendar: 'q' } } }).policy, 'q')).toEqual(['tiers', 'serious', 'calendar']);
  });
  it('refuses budgets that the years do not reach, and what is too large to travel', () => {
    const paths = (given: Pinned, now: Instant) => faultsWithCalendars(given, now).map(({ path }) => path.join('.'));
    expect(paths(pinned(), friday)).toEqual([]);
    expect(paths(pinned(), '2027-12-30T00:00:00.000Z')).toContain('tiers.general.resolution');
    expect(paths(pinned({ tiers: { ...written.tiers, serious: { ...written.tiers.serious, cause: { businessDays: 900 }, calendars: { cause: 'office' } } } }), friday)).toEqual(['tiers.serious.cause']);
    const everyDay = Array.from({ length: 250 }, (_, n) => instant(Date.UTC(2027, 0, 1) + n * DAY).slice(0, 10));
    const full = { ...pinned(), calendars: { 'office/1': { ...office, holidays: everyDay } } };
    expect(paths(full, friday)).toEqual(['calendar']);
  });
  it('compares tiers by when they would be due', () => {
    const warned = (change: object) => warningsOf(agreementOf(pinned(change)), friday).map(({ detail }) => detail);
    expect(warned({})).toEqual([]);
    // eight hours around the clock end tonight, four in the office on Monday
    const tiers = { ...written.tiers, general: { ...written.tiers.general, response: 'PT8H', calendars: { response: null } } };
    expect(warned({ tiers: { ...tiers, serious: { ...tiers.serious, response: 'PT4H' } } })).toEqual(['A serious case has more time for response than a general one.']);
  });
  it('a clock beyond the years covered is never due, and nothing throws', () => {
    const agreement = agreementOf(pinned({}, '2027-12-31T09:00:00.000Z'));
    expect(dueFrom(agreement, 'resolution', 'general', '2027-12-31T09:00:00.000Z')).toBeNull();
    const kase = filed(ann, { receivedAt: '2027-12-31T09:00:00.000Z', calendars: { office: 1 } }, pinned({}, '2027-12-31T09:00:00.000Z'));
    kase.wait(after('2028-06-01T00:00:00.000Z'));
    expect(kase.state.clocks.find(({ name }) => name === 'resolution')).toMatchObject({ breachedAt: null, end: null });
  });
});

describe('a calendar cut for a case', () => {
  const moment = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2028, 1, 1) }).map(instant);
  it('is open exactly when it was, from the receipt on', () => {
    fc.assert(fc.property(moment, moment, moment, fc.integer({ min: 0, max: 2000 * HOUR }), fc.integer({ min: 1, max: 60 }), (one, two, three, ms, days) => {
      const [from = one, at = two, to = three] = [one, two, three].sort();
      const [whole, cut] = [openTimeOf(office), openTimeOf(cutCalendar(office, from))];
      expect([cut.between(at, to), cut.after(at, ms), cut.closingAfter(at, days)]).toEqual([whole.between(at, to), whole.after(at, ms), whole.closingAfter(at, days)]);
    }), { numRuns: 300 });
  });
  it('keeps the offset that holds at its start, and what changes later', () => {
    const london = { ...office, zone: 'Europe/London', offsets: [[null, 0], [Date.UTC(2025, 2, 30, 1), 3600], [Date.UTC(2025, 9, 26, 1), 0], [Date.UTC(2026, 2, 29, 1), 3600]] as typeof office.offsets };
    expect(cutCalendar(london, friday).offsets).toEqual([[null, 0], [Date.UTC(2026, 2, 29, 1), 3600]]);
    expect(JSON.stringify(cutCalendar(office, friday)).length).toBeLessThan(1000);
  });
});

describe('whatever happens to a clock on two calendars', () => {
  const night = { ...office, holidays: [], workdays: {}, week: { mon: [['18:00', '24:00']], tue: [['00:00', '06:00']], sat: [['09:00', '21:00']] } as typeof office.week };
  const opens = { 'office/1': openTimeOf(office), 'night/1': openTimeOf(night) } as const;
  const hours = (id: string | null) => (id === null ? aroundTheClock : opens[id as keyof typeof opens]);
  const id = fc.constantFrom(null, 'office/1' as const, 'night/1' as const);
  const allowance = fc.record({ budgetMs: fc.integer({ min: 1, max: 60 * HOUR }), calendar: id });
  const step = fc.tuple(fc.integer({ min: 0, max: 40 * HOUR }), fc.oneof(
    fc.constantFrom('pause' as const, 'resume' as const), fc.record({ raise: allowance }), fc.record({ lower: allowance }),
  ));

  it('a raise never makes it due later, what is used never shrinks, and its due date is what looking for it finds', () => {
    fc.assert(fc.property(allowance, fc.array(step, { maxLength: 12 }), (first, steps) => {
      const { calendar, budgetMs } = first;
      const start = { id: 'c', name: 'resolution' as const, cycle: 1, request: null, scope: 'service' as const, pausable: true, warnAt: [50], at: friday };
      let [one] = applyClockChanges([], [startClock({ ...start, budgetMs, ...(calendar !== null && { calendar }) }, hours)]);
      let now = millis(friday);
      for (const [gap, what] of steps) {
        if (!one) throw new Error('no clock');
        now += gap;
        const at = instant(now);
        const before = readClock(one, hours, at);
        const change = what === 'pause' ? pauseClock(one, at, hours) : what === 'resume' ? resumeClock(one, at, hours)
          : 'raise' in what ? rebudgetClock(one, what.raise, at, hours, 'raised') : rebudgetClock(one, what.lower, at, hours, 'lowered');
        if (change === null) continue;
        [one] = applyClockChanges([one], [change]);
        if (!one) throw new Error('no clock');
        const after = readClock(one, hours, at);
        expect(after.consumedMs).toBe(before.consumedMs);
        expect(one.log.map((entry) => entry.at)).toEqual(one.log.map((entry) => entry.at).sort());
        if (typeof what === 'object' && 'raise' in what && before.dueAt !== null) expect(after.dueAt !== null && after.dueAt <= before.dueAt).toBe(true);
        expect(change.dueAt).toBe(after.dueAt ?? change.dueAt);
        if (after.state !== 'running' || after.dueAt === null) continue;
        // at the due date itself it is in time, and has used exactly what it has; a millisecond later it is late
        expect(readClock(one, hours, after.dueAt)).toMatchObject({ state: 'running', consumedMs: Math.max(one.budgetMs, after.consumedMs) });
        expect(readClock(one, hours, plus(after.dueAt, 1)).state).toBe('breached');
      }
    }), { numRuns: 400 });
  });
});
