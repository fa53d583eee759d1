import chineseDays from 'chinese-days';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preset } from '../../calendars/presets.js';
import { publishable } from '../../calendars/publish.js';
import { resolve } from '../../calendars/resolve.js';
import { offsetsOf } from '../../calendars/zone.js';
import type { Calendar, Interval } from '../../domain/calendar/calendar.js';
import { covers, openTimeOf } from '../../domain/calendar/openTime.js';
import { office } from '../../domain/calendar/office.js';
import { CalendarHours, WrittenCalendar } from '../../domain/calendar/schema.js';
import { instant } from '../../domain/time.js';
import { daysOf, hoursOn, openMinutes, slowAfter, slowBetween, type Days } from './calendar.reference.js';

const daily: Interval[] = [['09:00', '12:00'], ['13:30', '18:00']];
const weekly = (intervals: Interval[]) => ({ mon: intervals, tue: intervals, wed: intervals, thu: intervals, fri: intervals });

function calendar(hours: object, years = { from: 2026, to: 2027 }): Calendar {
  const found = resolve(CalendarHours.parse(hours), years);
  if ('fault' in found) throw new Error(`${found.fault.path.join('.')} ${found.fault.message}`);
  return found.calendar;
}

/** Days with a change of the clocks in their middle, of an hour and of half an hour, forward and back, and days without. */
const around: [string, string, number][] = [
  ['America/New_York', '2026-03-05T05:00:00Z', 7], ['America/New_York', '2026-10-29T04:00:00Z', 7],
  ['Australia/Lord_Howe', '2026-04-01T13:00:00Z', 7], ['Australia/Lord_Howe', '2026-10-01T13:30:00Z', 7],
  ['Europe/London', '2026-03-26T00:00:00Z', 7], ['Africa/Casablanca', '2026-02-12T23:00:00Z', 7],
  ['Asia/Shanghai', '2026-09-27T16:00:00Z', 7], ['Asia/Kathmandu', '2026-05-01T18:15:00Z', 7], ['America/St_Johns', '2026-10-29T02:30:00Z', 7],
  ['Antarctica/Troll', '2026-03-26T00:00:00Z', 7], ['Pacific/Chatham', '2026-04-02T10:15:00Z', 7],
];

const time = fc.integer({ min: 0, max: 96 }).map((quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`);
const day = fc.uniqueArray(time, { minLength: 2, maxLength: 6 }).map((times) => {
  const sorted = times.sort();
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, n): Interval => [sorted[2 * n]!, sorted[2 * n + 1]!]);
});
/** Often at night, where clocks change. */
const night = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 6 })).map(([from, length]): Interval[] => {
  const at = (quarter: number) => `0${String(Math.floor(quarter / 4))}:${String((quarter % 4) * 15).padStart(2, '0')}`;
  return [[at(from), at(from + length)]];
});
const hours = fc.oneof(day, night);

it('an interval that daylight saving skips whole is pushed into the next, which is open from its own beginning all the same', () => {
  const sunday: Interval[] = [['01:15', '01:30'], ['02:00', '03:00'], ['04:00', '05:00']];
  const open = openTimeOf(calendar({ zone: 'Europe/London', week: { sun: sunday } }));
  const [from, to] = ['2026-03-28T12:00:00.000Z', '2026-03-29T12:00:00.000Z'];
  expect(open.between(from, to), 'from 02:00 to 03:00 and from 04:00 to 05:00').toBe(2 * 3_600_000);
  expect(open.after(from, 1)).toBe('2026-03-29T01:00:00.001Z');
  expect(open.closingAfter(from, 1)).toBe('2026-03-29T04:00:00.000Z');
});

describe.each(around)('open time in %s from %s', (zone, from, count) => {
  const days: Days = daysOf(zone, from, count);
  const dates = [...new Set(days.wall.map(({ date }) => date))].slice(1, -1);
  const rows = fc.record({
    week: fc.record({ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours }, { requiredKeys: ['sun'] }),
    holidays: fc.uniqueArray(fc.constantFrom(...dates), { maxLength: 2 }),
    workdays: fc.dictionary(fc.constantFrom(...dates), hours, { maxKeys: 2 }),
  });
  /** within the days, from the second on: what lies before is not looked at */
  const moment = fc.integer({ min: 1440 * 60_000, max: (count - 1) * 1440 * 60_000 }).map((ms) => days.from + ms);

  it('is what a look at each of its minutes says', () => {
    fc.assert(fc.property(rows, moment, moment, fc.integer({ min: 0, max: 40 * 3_600_000 }), (written, a, b, ms) => {
      const made = calendar({ zone, ...written });
      const open = openTimeOf(made);
      const minutes = openMinutes(days, made);
      expect(open.between(instant(a), instant(b))).toBe(slowBetween(days, minutes, a, b));
      const reached = slowAfter(days, minutes, a, ms);
      if (reached !== null) expect(open.after(instant(a), ms)).toBe(instant(reached));
    }), { numRuns: 150 });
  });

  it('closes on an open day as its hours say', () => {
    fc.assert(fc.property(rows, moment, fc.integer({ min: 1, max: 3 }), (written, a, n) => {
      const made = calendar({ zone, ...written });
      const minutes = openMinutes(days, made);
      const today = days.wall[Math.floor((a - days.from) / 60_000)]!.date;
      const isOpen = (date: string) => hoursOn(date, made).length > 0 && days.wall.some((one, m) => one.date === date && minutes[m]);
      const nth = [...new Set(days.wall.map(({ date }) => date))].slice(0, -1).filter((date) => date > today && isOpen(date))[n - 1];
      if (nth === undefined) return;
      const last = days.wall.findLastIndex((one, m) => one.date === nth && minutes[m] === true);
      expect(openTimeOf(made).closingAfter(instant(a), n)).toBe(instant(days.from + (last + 1) * 60_000));
    }), { numRuns: 60 });
  });
});

describe('a calendar', () => {
  const china = { zone: 'Asia/Shanghai', week: weekly(daily), holidays: ['2026-10-01'], workdays: { '2026-10-10': daily } };

  it('knows nothing of other years: no time passes, and nothing falls due', () => {
    const made = calendar(china, { from: 2026, to: 2026 });
    const open = openTimeOf(made);
    expect(open.after('2026-12-31T09:00:00.000Z', 3_600_000)).toBe('2026-12-31T10:00:00.000Z');
    expect(open.after('2026-12-31T09:00:00.000Z', 3_600_001)).toBeNull();
    expect(open.closingAfter('2026-12-31T09:00:00.000Z', 1)).toBeNull();
    expect(open.between('2026-12-31T09:00:00.000Z', '2030-01-01T00:00:00.000Z')).toBe(3_600_000);
    expect(open.after('2020-01-01T00:00:00.000Z', 1)).toBe('2026-01-01T01:00:00.001Z');
    expect([covers(made, '2025-12-31T16:00:00.000Z'), covers(made, '2025-12-31T15:59:59.999Z'), covers(made, '2026-12-31T16:00:00.000Z')]).toEqual([true, false, false]);
  });

  it('passes the turn of a year', () => {
    const open = openTimeOf(calendar(china));
    expect(open.after('2026-12-31T09:00:00.000Z', 2 * 3_600_000)).toBe('2027-01-01T02:00:00.000Z');
    expect(open.between('2026-12-31T09:00:00.000Z', '2027-01-01T02:00:00.000Z')).toBe(2 * 3_600_000);
  });

  it('counts a budget in open days from the day after, to the closing of the last', () => {
    const open = openTimeOf(calendar({ ...china, holidays: ['2026-10-01', '2026-10-02'] }));
    expect(open.closingAfter('2026-09-29T01:00:00.000Z', 1)).toBe('2026-09-30T10:00:00.000Z');
    expect(open.closingAfter('2026-09-29T01:00:00.000Z', 2)).toBe('2026-10-05T10:00:00.000Z');
    expect(open.closingAfter('2026-10-03T01:00:00.000Z', 1)).toBe('2026-10-05T10:00:00.000Z');
    expect(open.closingAfter('2026-10-09T01:00:00.000Z', 1)).toBe('2026-10-10T10:00:00.000Z');
  });

  it.each<[string, object, string]>([
    ['zone', { zone: 'Mars/Olympus' }, 'is no zone of the IANA database'],
    ['zone', { zone: '+08:00' }, 'is no zone of the IANA database'],
    ['week', { week: {}, workdays: {} }, 'is never open'],
    ['week', { week: { mon: [] }, workdays: {} }, 'is never open'],
    ['years', { holidays: ['2031-01-01'] }, 'does not cover 2031-01-01'],
  ])('is refused for its %s (%j)', (path, change, message) => {
    const found = resolve(CalendarHours.parse({ ...china, ...change }), { from: 2026, to: 2027 });
    expect('fault' in found && [found.fault.path.join('.'), found.fault.message]).toEqual([path, expect.stringContaining(message)]);
  });

  it('that is open only when daylight saving skips it is never open', () => {
    const found = resolve(CalendarHours.parse({ zone: 'America/New_York', week: {}, workdays: { '2026-03-08': [['02:00', '03:00']] } }), { from: 2026, to: 2026 });
    expect('fault' in found && found.fault.path).toEqual(['week']);
  });

  it.each([
    ['week.mon.0', { week: { mon: [['18:00', '09:00']] } }],
    ['week.mon.0', { week: { mon: [['09:00', '09:00']] } }],
    ['week.mon.1', { week: { mon: [['09:00', '12:00'], ['11:00', '18:00']] } }],
    ['week.mon.1', { week: { mon: [['13:00', '18:00'], ['09:00', '12:00']] } }],
    ['week.mon.0.1', { week: { mon: [['22:00', '25:00']] } }],
    ['week.mon.0.0', { week: { mon: [['9:00', '18:00']] } }],
    ['week', { week: { monday: daily } }],
    ['holidays.0', { holidays: ['2026-02-30'] }],
    ['holidays.0', { holidays: ['1026-02-03'] }],
    ['workdays.2026-10-10', { workdays: { '2026-10-10': [] } }],
    ['workdays.10-10-2026', { workdays: { '10-10-2026': daily } }],
    ['years.to', { years: { from: 2027, to: 2026 } }],
    ['zone', { zone: '' }],
  ])('has hours that are well written: %s', (path, change) => {
    const { error } = CalendarHours.safeParse({ ...china, ...change });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});

describe('the calendar that ships', () => {
  const { name: _, ...shipped } = office;
  it('is what its sources say', async () => {
    const announced = await preset({ country: 'CN', region: null, years: { from: 2025, to: 2026 }, hours: office.week.mon! });
    if (!announced || 'unknown' in announced) throw new Error('nothing is known of China');
    const until = (dates: string[]) => dates.filter((date) => date < '2027').sort();
    expect(until(shipped.holidays)).toEqual([...announced.holidays].sort());
    expect(until(Object.keys(shipped.workdays))).toEqual(Object.keys(announced.workdays).sort());
    expect(shipped.offsets).toEqual(offsetsOf(shipped.zone, shipped.years));
  });
  it('has the days of 2027 that are off by law', () => {
    const dates = Array.from({ length: 365 }, (_none, n) => instant(Date.UTC(2027, 0, 1 + n)).slice(0, 10));
    const lunar = (month: number, day: number) => dates.findIndex((date) => {
      const { lunarMon, lunarDay, isLeap } = chineseDays.getLunarDate(date);
      return lunarMon === month && lunarDay === day && !isLeap;
    });
    const newYear = lunar(1, 1);
    const byLaw = [0, newYear - 1, newYear, newYear + 1, newYear + 2, lunar(5, 5), lunar(8, 15)].map((n) => dates[n]!);
    const fixed = ['2027-05-01', '2027-05-02', '2027-10-01', '2027-10-02', '2027-10-03'];
    expect(shipped.holidays.filter((date) => date >= '2027')).toEqual([...byLaw, ...fixed, chineseDays.getSolarTermDate(2027, 4, 'pure_brightness')].sort());
  });
  it('can be published as it is', () => {
    const { offsets: _offsets, zoneTables: _tables, ...written } = office;
    const found = publishable(WrittenCalendar.parse(written), '2026-11-22T00:00:00.000Z');
    expect('calendar' in found && found.calendar.holidays).toEqual(office.holidays);
  });
});

describe('the offsets of a zone', () => {
  it('are its changes in the years asked for, the first from ever', () => {
    expect(offsetsOf('Asia/Shanghai', { from: 2026, to: 2027 })).toEqual([[null, 28_800]]);
    expect(offsetsOf('America/New_York', { from: 2026, to: 2026 })).toEqual([
      [null, -18_000], [Date.parse('2026-03-08T07:00:00Z'), -14_400], [Date.parse('2026-11-01T06:00:00Z'), -18_000],
    ]);
    expect(offsetsOf('Asia/Shanghai', { from: 1986, to: 1986 })?.map(([, seconds]) => seconds)).toEqual([28_800, 32_400, 28_800]);
  });
});
