import type { Calendar } from '../domain/calendar/calendar.js';
import { MOST_YEARS, type CalendarHours } from '../domain/calendar/schema.js';
import { firstOpening } from '../domain/calendar/year.js';
import { yearIn } from './years.js';
import { offsetsOf } from './zone.js';

/** What is wrong with hours that are each well written. */
export interface Unresolved {
  path: string[];
  message: string;
}

/** Hours with their zone resolved for the years they cover: all that clocks need, or why there is no such calendar. */
export function resolve(hours: CalendarHours, years: Calendar['years']): { calendar: Calendar } | { fault: Unresolved } {
  const { zone, week, holidays, workdays } = hours;
  if (years.to - years.from >= MOST_YEARS) {
    return { fault: { path: ['years'], message: `cover at most ${MOST_YEARS} years, not ${years.from} to ${years.to}: name fewer` } };
  }
  const offsets = offsetsOf(zone, years);
  if (offsets === null) return { fault: { path: ['zone'], message: `is no zone of the IANA database: ${zone}` } };
  const outside = [...holidays, ...Object.keys(workdays)].find((date) => !isWithin(date, years));
  if (outside !== undefined) {
    return { fault: { path: ['years'], message: `does not cover ${outside}, which is among the holidays or worked days` } };
  }
  const calendar: Calendar = {
    zone, years, offsets, week: written(week),
    holidays: [...new Set(holidays)].sort(), workdays: Object.fromEntries(Object.entries(workdays).sort()),
  };
  if (firstOpening(calendar) === null) return { fault: { path: ['week'], message: 'is never open in the years covered: no clock on it would ever be due' } };
  return { calendar };
}

function isWithin(date: string, { from, to }: Calendar['years']): boolean {
  const year = yearIn(date);
  return year >= from && year <= to;
}

/** The days of a week that are open at all. */
function written(week: CalendarHours['week']): Calendar['week'] {
  return Object.fromEntries(Object.entries(week).filter(([, intervals]) => intervals.length > 0));
}
