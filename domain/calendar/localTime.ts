import { DAY } from '../time.js';
import type { OffsetChange } from './calendar.js';

/** Milliseconds since 1970-01-01T00:00 on the wall clock of a zone: not an instant. */
export type Local = number;

const MINUTE = 60_000;

/** Days since 1970-01-01 of a date `YYYY-MM-DD`. */
export function dayOf(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00.000Z`) / DAY);
}

/** Days since 1970-01-01 of the first of January. */
export function firstDayOf(year: number): number {
  return Date.UTC(year, 0, 1) / DAY;
}

/** Milliseconds after midnight of `HH:MM`, up to `24:00`. */
export function timeOfDay(text: string): number {
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * MINUTE;
}

/** What the wall clock shows at an instant in milliseconds. */
export function localAt(offsets: readonly OffsetChange[], utc: number): Local {
  return utc + offsetAt(offsets, utc);
}

/**
 * The instant, in milliseconds, at which the wall clock shows `local`: where it does so twice, the first; where daylight saving skips
 * it, as much later as is skipped (spec: sla, calendars).
 */
export function instantOf(offsets: readonly OffsetChange[], local: Local): number {
  let before = 0;
  for (const [n, [at, seconds]] of offsets.entries()) {
    const utc = local - seconds * 1000;
    // after the end of the offset before, and not yet in this one: it was skipped
    if (at !== null && utc < at) return local - before;
    const [until] = offsets[n + 1] ?? [null];
    if (until === null || utc < until) return utc;
    before = seconds * 1000;
  }
  throw new RangeError('a calendar has no offset');
}

/** Milliseconds by which local time is ahead of UTC at an instant. */
function offsetAt(offsets: readonly OffsetChange[], utc: number): number {
  let found = 0;
  for (const [at, seconds] of offsets) {
    if (at !== null && at > utc) break;
    found = seconds * 1000;
  }
  return found;
}
