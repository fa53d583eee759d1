import { instant, millis, type Instant } from '../time.js';

/** The time in which clocks use their budget. A calendar is one; so is around the clock (spec: sla). */
export interface OpenTime {
  /** Open milliseconds from `from` to `to`; 0 when `to` is not after `from`. */
  between(from: Instant, to: Instant): number;
  /**
   * The first instant at which `ms` of open time have passed since `from`; `from` itself when `ms` is 0 or less.
   * A budget that ends exactly at closing time ends at closing time, not at the next opening.
   */
  after(from: Instant, ms: number): Instant;
}

/** Open always: a budget of an hour is an hour. */
export const aroundTheClock: OpenTime = {
  between: (from, to) => Math.max(0, millis(to) - millis(from)),
  after: (from, ms) => instant(millis(from) + Math.max(0, ms)),
};
