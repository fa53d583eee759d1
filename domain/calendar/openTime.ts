import type { OpenTime } from '../sla/openTime.js';
import { DAY, instant, millis, type Instant } from '../time.js';
import type { Calendar } from './calendar.js';
import { localAt } from './localTime.js';
import { openYear, type OpenYear } from './year.js';

/**
 * The open time of a published calendar. Years are laid out when they are first asked for and kept. Outside the years covered it is
 * never open: an instant that lies there is never reached (null), and nobody guesses.
 */
export function openTimeOf(calendar: Calendar): OpenTime {
  const { from: first, to: last } = calendar.years;
  const laid = new Map<number, OpenYear>();
  const year = (wanted: number): OpenYear => {
    const known = laid.get(wanted) ?? openYear(calendar, wanted);
    laid.set(wanted, known);
    return known;
  };
  const yearAt = (utc: number): number => yearOf(localAt(calendar.offsets, utc));
  const total = (wanted: number): number => year(wanted).before.at(-1) ?? 0;

  /** open milliseconds of the year that lie before an instant in it */
  function passed(wanted: number, utc: number): number {
    const { opens, closes, before } = year(wanted);
    const n = countUpTo(opens, utc);
    if (n === 0) return 0;
    return (before[n - 1] ?? 0) + Math.min(utc, closes[n - 1] ?? utc) - (opens[n - 1] ?? utc);
  }

  return {
    between(fromInstant, toInstant) {
      const [from, to] = [millis(fromInstant), millis(toInstant)];
      if (to <= from) return 0;
      const end = Math.min(yearAt(to), last + 1);
      const begin = Math.max(yearAt(from), first - 1);
      let open = passed(end, to) - passed(begin, from);
      for (let at = begin; at < end; at += 1) open += total(at);
      return open;
    },
    after(fromInstant, ms) {
      const from = millis(fromInstant);
      if (ms <= 0) return fromInstant;
      const begin = Math.max(yearAt(from), first - 1);
      let wanted = ms + passed(begin, from);
      for (let at = begin; at <= last; at += 1) {
        if (wanted <= total(at)) return instant(reached(year(at), wanted));
        wanted -= total(at);
      }
      return null;
    },
    closingAfter(fromInstant, days) {
      const from = localAt(calendar.offsets, millis(fromInstant));
      const today = Math.floor(from / DAY);
      let left = days;
      let closing: number | null = null;
      let counted = today;
      for (let at = Math.max(yearOf(from), first); at <= last; at += 1) {
        const { days: open, closes } = year(at);
        for (let n = countUpTo(open, today); n < open.length; n += 1) {
          if (open[n] !== counted) {
            if (left === 0) return ended(closing);
            left -= 1;
            counted = open[n] ?? counted;
          }
          closing = closes[n] ?? null;
        }
      }
      return left === 0 ? ended(closing) : null;
    },
  };
}

/** Whether an instant lies in the years that a calendar covers, in its own zone. */
export function covers({ years, offsets }: Calendar, at: Instant): boolean {
  const year = yearOf(localAt(offsets, millis(at)));
  return year >= years.from && year <= years.to;
}

/** Whether an instant lies before the years covered. */
export function isBefore({ years, offsets }: Calendar, at: Instant): boolean {
  return yearOf(localAt(offsets, millis(at))) < years.from;
}

function ended(closing: number | null): Instant | null {
  return closing === null ? null : instant(closing);
}

/** The instant in a year at which so much of its open time has passed; what ends with an interval ends at its closing. */
function reached({ opens, before }: OpenYear, ms: number): number {
  // the first that is reached with less than `ms` before it, and the most of it
  const n = countUpTo(before, ms - 1) - 1;
  return (opens[n] ?? 0) + ms - (before[n] ?? 0);
}

/** How many of these, in order, are not above `value`. */
function countUpTo(sorted: Float64Array | Int32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function yearOf(local: number): number {
  return new Date(local).getUTCFullYear();
}
