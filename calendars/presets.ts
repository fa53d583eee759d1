import { createRequire } from 'node:module';
import type { Interval } from '../domain/calendar/calendar.js';
import type { WrittenCalendar } from '../domain/calendar/schema.js';
import { eachYear } from './years.js';

/** Holidays and worked days of a country as rows of a calendar, which whoever publishes it may edit first. */
export type Preset = Pick<WrittenCalendar, 'holidays' | 'workdays' | 'notes'> & { origin: NonNullable<WrittenCalendar['origin']> };

export interface Asked {
  /** ISO 3166-1, such as CN */
  country: string;
  /** a state or province of it, such as BY of DE */
  region: string | null;
  years: { from: number; to: number };
  /** when days are worked that would else be free */
  hours: Interval[];
}

/** Years of which nothing is known yet: a government may announce them only months before. */
export interface NotYet {
  unknown: number[];
}

/** The rows of a country; null for one that no library knows. The libraries, which are large, are loaded when they are asked. */
export async function preset({ country, region, years, hours }: Asked): Promise<Preset | NotYet | null> {
  const wanted = eachYear(years);
  const library = country === 'CN' && region === null ? 'chinese-days' : 'date-holidays';
  const found = library === 'chinese-days'
    ? (await import('./chinese.js')).chinese(wanted)
    : (await import('./elsewhere.js')).elsewhere(country, region, wanted);
  if (found === null || 'unknown' in found) return found;
  const { days, worked } = found;
  return {
    holidays: days.map(({ date }) => date),
    workdays: Object.fromEntries(worked.map(({ date }) => [date, hours])),
    notes: Object.fromEntries([...days, ...worked].map(({ date, name }) => [date, name.slice(0, 100)])),
    origin: { library, version: versionOf(library), country, region },
  };
}

/** A day with what it is called. */
export interface Named {
  date: string;
  name: string;
}

/** The free days of some years, and those that are worked although they would be free. */
export interface Found {
  days: Named[];
  worked: Named[];
}

function versionOf(library: string): string {
  const { version } = createRequire(import.meta.url)(`${library}/package.json`) as { version: string };
  return version;
}
