import { Temporal } from 'temporal-polyfill';
import type { OffsetChange } from '../domain/calendar/calendar.js';
import { DAY } from '../domain/time.js';

type Years = { from: number; to: number };

/** The version of the IANA time zone database that this machine's tables hold, such as `2025b`. */
export const zoneTables = process.versions.tz ?? 'unknown';

/**
 * The offset changes of an IANA zone that a calendar of these years needs, in order, the first from ever; null for a zone that the
 * database does not have. Read from this machine's tables: whoever needs the same answer years later keeps this one.
 */
export function offsetsOf(zone: string, years: Years): OffsetChange[] | null {
  const key = `${zone} ${years.from} ${years.to}`;
  const found = known.get(key) ?? readOffsets(zone, years);
  if (found === null) return null;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, found);
  return found;
}

function readOffsets(zone: string, years: Years): OffsetChange[] | null {
  if (!ZONE.test(zone)) return null;
  const first = atNewYear(zone, years.from);
  if (first === null) return null;
  const end = Date.UTC(years.to + 1, 0, 1) + DAY;
  const changes: OffsetChange[] = [[null, offsetOf(first)]];
  for (let next = first.getTimeZoneTransition('next'); next !== null && next.epochMilliseconds < end; next = next.getTimeZoneTransition('next')) {
    if (offsetOf(next) !== changes.at(-1)?.[1]) changes.push([next.epochMilliseconds, offsetOf(next)]);
  }
  return changes;
}

/** The day before the first year, so that no zone is still in the year before. */
function atNewYear(zone: string, year: number): Temporal.ZonedDateTime | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(Date.UTC(year, 0, 1) - DAY).toZonedDateTimeISO(zone);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function offsetOf(at: Temporal.ZonedDateTime): number {
  return Math.round(at.offsetNanoseconds / 1e9);
}

/** Names of the database, and not an offset such as +08:00, which is no zone: it knows no daylight saving. */
const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;
const known = new Map<string, OffsetChange[]>();
const MOST_KNOWN = 500;
