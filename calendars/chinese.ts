import chineseDays from 'chinese-days';
import { DAY } from '../domain/time.js';
import type { Found, Named, NotYet } from './presets.js';

const { getDayDetail, getHolidaysInRange } = chineseDays;

/** Days off and make-up days of the mainland as the State Council has announced them. */
export function chinese(years: readonly number[]): Found | NotYet {
  const unknown = years.filter((year) => getHolidaysInRange(`${String(year)}-01-01`, `${String(year)}-12-31`, false).length === 0);
  if (unknown.length > 0) return { unknown };
  const all = years.flatMap(datesOf).map((date) => getDayDetail(date));
  const named = (work: boolean): Named[] => all.filter((one) => one.work === work && one.name.includes(',')).map(({ date, name }) => ({ date, name: chineseName(name) }));
  return { days: named(false), worked: named(true) };
}

/** A day that was announced is named in three parts, `National Day,国庆节,3`; any other is named as a weekday. */
function chineseName(name: string): string {
  return name.split(',')[1] ?? name;
}

function datesOf(year: number): string[] {
  const first = Date.UTC(year, 0, 1);
  const count = (Date.UTC(year + 1, 0, 1) - first) / DAY;
  return Array.from({ length: count }, (_, n) => new Date(first + n * DAY).toISOString().slice(0, 10));
}
