/** An instant: ISO 8601, UTC, always with milliseconds, so that instants compare as text. */
export type Instant = string;

/** Milliseconds since the epoch of an instant. */
export function millis(at: Instant): number {
  return Date.parse(at);
}

/** The instant of `ms` since the epoch. */
export function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}

/** The instant `ms` after `at` (before it when negative). */
export function plus(at: Instant, ms: number): Instant {
  return instant(millis(at) + ms);
}

/** The latest of some instants; the beginning of time of none. */
export function latest(...all: Instant[]): Instant {
  return all.reduce((a, b) => (b > a ? b : a), '');
}

export function earliest(first: Instant, ...others: Instant[]): Instant {
  return others.reduce((a, b) => (b < a ? b : a), first);
}

export const SECOND = 1000;
export const DAY = 24 * 60 * 60 * SECOND;

const DURATION = /^P(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/**
 * Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds (`P5D`, `PT30M`); null when it is not one.
 * Months and years have no fixed length and are not durations here (spec: a budget is open time).
 */
export function durationMs(text: string): number | null {
  const parts = DURATION.exec(text);
  if (!parts) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = parts;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * SECOND;
}

/** As `durationMs`, for a duration that has been checked before (a published policy). */
export function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === null) throw new RangeError(`not an ISO 8601 duration: ${text}`);
  return ms;
}
