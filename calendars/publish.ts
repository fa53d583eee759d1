import { FIRST_YEAR, LAST_YEAR, type PublishedCalendar, type WrittenCalendar } from '../domain/calendar/schema.js';
import { resolve, type Unresolved } from './resolve.js';
import { zoneTables } from './zone.js';

/** Years that are covered after this one, and before, where a calendar does not say. */
const AHEAD = 2;
const BACK = 1;

/** A calendar ready to be published: its zone resolved for the years it covers, or why it cannot be. */
export function publishable(written: WrittenCalendar, now: string): { calendar: Omit<PublishedCalendar, 'version'> } | { fault: Unresolved } {
  const { name, notes, origin, ...hours } = written;
  const found = resolve(hours, hours.years ?? yearsAround(written, Number(now.slice(0, 4))));
  if ('fault' in found) return found;
  return { calendar: { name, ...found.calendar, notes, origin, zoneTables } };
}

/** From last year to the year after next, and every year that is named. */
function yearsAround({ holidays, workdays }: WrittenCalendar, year: number): PublishedCalendar['years'] {
  const named = [...holidays, ...Object.keys(workdays)].map((date) => Number(date.slice(0, 4)));
  return { from: Math.max(FIRST_YEAR, Math.min(year - BACK, ...named)), to: Math.min(LAST_YEAR, Math.max(year + AHEAD, ...named)) };
}

export interface CalendarWarning {
  code: 'no-holidays';
  /** one sentence that says what is odd */
  detail: string;
}

/** What is odd about a calendar and does not hinder its publishing: years without any holiday, where others have some. */
export function warningsOf({ holidays, years }: Pick<PublishedCalendar, 'holidays' | 'years'>): CalendarWarning[] {
  const known = new Set(holidays.map((date) => Number(date.slice(0, 4))));
  const all = Array.from({ length: years.to - years.from + 1 }, (_, n) => years.from + n);
  const lacking = all.filter((year) => !known.has(year));
  if (known.size === 0 || lacking.length === 0) return [];
  return [{ code: 'no-holidays', detail: `It covers ${lacking.join(', ')}, and has no holiday there: publish its next version once they are known.` }];
}
