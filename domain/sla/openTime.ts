import { DAY, instant, millis, type Instant } from '../time.js';

/** The time in which clocks use their budget. A calendar is one; so is around the clock (spec: sla). */
export interface OpenTime {
  /** Open milliseconds from `from` to `to`; 0 when `to` is not after `from`. */
  between(from: Instant, to: Instant): number;
  /**
   * The first instant at which `ms` of open time have passed since `from`; `from` itself when `ms` is 0 or less, null when that lies
   * beyond the years that a calendar covers. A budget that ends exactly at closing time ends at closing time, not at the next opening.
   */
  after(from: Instant, ms: number): Instant | null;
  /** Closing time of so many open days after the day of `from`, which itself does not count; null beyond the years covered. */
  closingAfter(from: Instant, days: number): Instant | null;
}

/** The open time of each calendar that ledgers name, by its id; null is around the clock. Throws for an id that is not known. */
export type Hours = (calendar: string | null) => OpenTime;

/** Open always: a budget of an hour is an hour, and a day, in UTC, closes at its end. */
export const aroundTheClock: OpenTime = {
  between: (from, to) => Math.max(0, millis(to) - millis(from)),
  after: (from, ms) => instant(millis(from) + Math.max(0, ms)),
  closingAfter: (from, days) => instant((Math.floor(millis(from) / DAY) + days + 1) * DAY),
};

/** No calendar at all. */
export const alwaysOpen: Hours = (calendar) => {
  if (calendar !== null) throw new RangeError(`there is no calendar ${calendar}`);
  return aroundTheClock;
};
