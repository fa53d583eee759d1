import Holidays from 'date-holidays';
import type { Found } from './presets.js';

/** Public holidays of a country or a region of it, with the days that stand in for those on a weekend; null when it is not known. */
export function elsewhere(country: string, region: string | null, years: readonly number[]): Found | null {
  const known = new Holidays();
  if (!Object.hasOwn(known.getCountries(), country)) return null;
  // it has none for a country without regions, whatever its types say
  const regions = known.getStates(country) as Record<string, string> | undefined;
  if (region !== null && !(regions && Object.hasOwn(regions, region))) return null;
  const holidays = region === null ? new Holidays(country) : new Holidays(country, region);
  const days = years.flatMap((year) => holidays.getHolidays(year))
    .filter(({ type }) => type === 'public')
    .map(({ date, name }) => ({ date: date.slice(0, 10), name }));
  return { days: [...new Map(days.map((day) => [day.date, day])).values()].sort((a, b) => (a.date < b.date ? -1 : 1)), worked: [] };
}
