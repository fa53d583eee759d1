import { millis, DAY, type Instant } from '../time.js';
import { weekdays, type Calendar, type Interval } from './calendar.js';
import { dayOf, localAt } from './localTime.js';

/**
 * The calendar without what no clock from `from` on can need: years and offsets before, days off on which it is closed anyhow, worked
 * days that are as the week says. From `from` on it is open exactly when it was.
 */
export function cutCalendar(calendar: Calendar, from: Instant): Calendar {
  const { zone, week, offsets } = calendar;
  const first = Math.max(calendar.years.from, new Date(localAt(offsets, millis(from))).getUTCFullYear());
  const isLater = (date: string): boolean => Number(date.slice(0, 4)) >= first;
  const usual = (date: string) => week[weekdays[(((dayOf(date) + 3) % 7) + 7) % 7] ?? 'mon'] ?? [];
  const start = Date.UTC(first, 0, 1) - DAY;
  const isUnusual = (date: string, hours: Interval[]): boolean => calendar.holidays.includes(date) || !isSame(hours, usual(date));
  const workdays = Object.entries(calendar.workdays).filter(([date, hours]) => isLater(date) && isUnusual(date, hours));
  return {
    zone,
    years: { from: first, to: calendar.years.to },
    // the one that holds at the start holds from ever
    offsets: offsets.flatMap(([at, seconds], n): Calendar['offsets'] => {
      const until = offsets[n + 1]?.[0] ?? null;
      if (until !== null && until <= start) return [];
      return [[at !== null && at <= start ? null : at, seconds]];
    }),
    week,
    holidays: calendar.holidays.filter((date) => isLater(date) && usual(date).length > 0 && !Object.hasOwn(calendar.workdays, date)),
    workdays: Object.fromEntries(workdays),
  };
}

function isSame(one: readonly (readonly string[])[], other: readonly (readonly string[])[]): boolean {
  return one.length === other.length && one.every((interval, n) => interval.every((time, side) => time === other[n]?.[side]));
}
