import type { Calendar } from '../domain/calendar/calendar.js';
import { FIRST_YEAR, LAST_YEAR, type CalendarHours } from '../domain/calendar/schema.js';

type Rows = Pick<CalendarHours, 'holidays' | 'workdays'>;

/** How many years after the last that is named a simulation looks ahead, where it is not told which years its hours hold for. */
const LOOKS_AHEAD = 5;
/** Years that are covered after this one, and before, where a calendar does not say. */
const AHEAD = 2;
const BACK = 1;

/** The years that hours of a simulation hold for: those told, else all that are named in it and some more. */
export function yearsOf(hours: CalendarHours, instants: readonly string[]): Calendar['years'] {
  if (hours.years) return hours.years;
  const named = [...namedIn(hours), ...instants.map(yearIn)];
  // local time may be in the year before or after that of an instant
  return within(Math.min(...named) - 1, Math.max(...named) + LOOKS_AHEAD);
}

/** From last year to the year after next, and every year that is named. */
export function yearsAround(rows: Rows, now: string): Calendar['years'] {
  const named = namedIn(rows);
  return within(Math.min(yearIn(now) - BACK, ...named), Math.max(yearIn(now) + AHEAD, ...named));
}

/** Each of the years covered. */
export function eachYear({ from, to }: Calendar['years']): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** The year that a date or an instant is written with. */
export function yearIn(text: string): number {
  return Number(text.slice(0, 4));
}

function namedIn({ holidays, workdays }: Rows): number[] {
  return [...holidays, ...Object.keys(workdays)].map(yearIn);
}

function within(from: number, to: number): Calendar['years'] {
  const covered = (year: number) => Math.min(LAST_YEAR, Math.max(FIRST_YEAR, year));
  return { from: covered(from), to: covered(to) };
}
