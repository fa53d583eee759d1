import { weekdays, type Calendar, type Interval, type OffsetChange } from './calendar.js';
import { dayOf, firstDayOf, instantOf, timeOfDay } from './localTime.js';
import { DAY } from '../time.js';

/** The open time of one local year, in milliseconds since the epoch: in order, apart, none of it empty. */
export interface OpenYear {
  opens: Float64Array;
  closes: Float64Array;
  /** open milliseconds of the year before each of them, and of the whole year at the end */
  before: Float64Array;
  /** the local day, since 1970-01-01, that each of them begins on */
  days: Int32Array;
}

/** Lays out a year of a calendar; a year that it does not cover is never open. */
export function openYear(calendar: Calendar, year: number): OpenYear {
  const opens: number[] = [];
  const closes: number[] = [];
  const days: number[] = [];
  const week = weekdays.map((name) => (calendar.week[name] ?? []).map(minutesOf));
  const holidays = new Set(calendar.holidays.map(dayOf));
  const workdays = new Map(Object.entries(calendar.workdays).map(([date, intervals]) => [dayOf(date), intervals.map(minutesOf)]));
  const offsets = offsetsIn(calendar.offsets, year);
  const covered = year >= calendar.years.from && year <= calendar.years.to;
  const spans: { from: number; to: number; day: number }[] = [];
  for (let day = firstDayOf(year); covered && day < firstDayOf(year + 1); day += 1) {
    const intervals = workdays.get(day) ?? (holidays.has(day) ? [] : (week[weekdayOf(day)] ?? []));
    const at = (time: number): number => instantOf(offsets, day * DAY + time);
    for (const [from, to] of intervals) spans.push({ from: at(from), to: at(to), day });
  }
  // what daylight saving skips is pushed behind the beginning of what comes next, and what it pushes into that is open once
  for (const { from, to, day } of spans.sort((one, other) => one.from - other.from)) {
    const open = Math.max(from, closes.at(-1) ?? 0);
    if (to <= open) continue;
    opens.push(open);
    closes.push(to);
    days.push(Math.max(day, days.at(-1) ?? day));
  }
  const before = new Float64Array(opens.length + 1);
  for (const [n, open] of opens.entries()) before[n + 1] = (before[n] ?? 0) + (closes[n] ?? 0) - open;
  return { opens: Float64Array.from(opens), closes: Float64Array.from(closes), before, days: Int32Array.from(days) };
}

/** The first instant at which a calendar is open, in milliseconds since the epoch; null when it never is. */
export function firstOpening(calendar: Calendar): number | null {
  for (let year = calendar.years.from; year <= calendar.years.to; year += 1) {
    const [first] = openYear(calendar, year).opens;
    if (first !== undefined) return first;
  }
  return null;
}

/** The offsets that a year and the days beside it need, the first from ever. */
function offsetsIn(offsets: readonly OffsetChange[], year: number): OffsetChange[] {
  const [from, to] = [(firstDayOf(year) - 2) * DAY, (firstDayOf(year + 1) + 2) * DAY];
  const needed = offsets.filter(([at], n) => (at === null || at < to) && (offsets[n + 1]?.[0] ?? Infinity) > from);
  return needed.map(([at, seconds], n): OffsetChange => [n === 0 ? null : at, seconds]);
}

/** 0 for a Monday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function minutesOf([from, to]: Interval): [from: number, to: number] {
  return [timeOfDay(from), timeOfDay(to)];
}
