import type { PublishedCalendar, WrittenCalendar } from '../domain/calendar/schema.js';
import { resolve, type Unresolved } from './resolve.js';
import { eachYear, yearIn, yearsAround } from './years.js';
import { zoneTables } from './zone.js';

/** A calendar ready to be published: its zone resolved for the years it covers, or why it cannot be. */
export function publishable(written: WrittenCalendar, now: string): { calendar: Omit<PublishedCalendar, 'version'> } | { fault: Unresolved } {
  const { name, notes, origin, ...hours } = written;
  const found = resolve(hours, hours.years ?? yearsAround(written, now));
  if ('fault' in found) return found;
  return { calendar: { name, ...found.calendar, notes, origin, zoneTables } };
}

export interface CalendarWarning {
  code: 'no-holidays';
  /** one sentence that says what is odd */
  detail: string;
}

/** What is odd about a calendar and does not hinder its publishing: years without any holiday, where others have some. */
export function warningsOf({ holidays, years }: Pick<PublishedCalendar, 'holidays' | 'years'>): CalendarWarning[] {
  const known = new Set(holidays.map(yearIn));
  const lacking = eachYear(years).filter((year) => !known.has(year));
  if (known.size === 0 || lacking.length === 0) return [];
  return [{ code: 'no-holidays', detail: `It covers ${lacking.join(', ')}, and has no holiday there: publish its next version once they are known.` }];
}
