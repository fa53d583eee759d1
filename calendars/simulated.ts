import type { Calendar } from '../domain/calendar/calendar.js';
import { FIRST_YEAR, LAST_YEAR, type CalendarHours } from '../domain/calendar/schema.js';

/** How many years after the last that is named a simulation looks ahead, where it is not told which years its hours hold for. */
const AHEAD = 5;

/** The years that hours of a simulation hold for: those told, else all that are named in it and some more. */
export function yearsOf(hours: CalendarHours, instants: readonly string[]): Calendar['years'] {
  if (hours.years) return hours.years;
  const named = [...hours.holidays, ...Object.keys(hours.workdays), ...instants].map((text) => Number(text.slice(0, 4)));
  // local time may be in the year before or after that of an instant
  const from = Math.max(FIRST_YEAR, Math.min(...named) - 1);
  return { from: Math.min(from, LAST_YEAR), to: Math.max(FIRST_YEAR, Math.min(LAST_YEAR, Math.max(...named) + AHEAD)) };
}
