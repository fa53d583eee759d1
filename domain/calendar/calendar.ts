/** From a minute to a minute of one local day, `HH:MM`; `24:00` ends the day. */
export type Interval = [from: string, to: string];

/** The days of a week as a calendar names them, in the order of ISO 8601. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** From this instant on (milliseconds since the epoch; null: from ever) local time is UTC and so many seconds. */
export type OffsetChange = [at: number | null, seconds: number];

/**
 * A published calendar as clocks use it (spec: sla, calendars): nothing of it has to be looked up anywhere, so that a replay years
 * later gives the same due dates. Local dates are `YYYY-MM-DD`.
 */
export interface Calendar {
  zone: string;
  /** the years covered, both included: of other days nothing is known */
  years: { from: number; to: number };
  /** what the zone's tables said when it was published, in order, the first from ever */
  offsets: OffsetChange[];
  week: Partial<Record<Weekday, Interval[]>>;
  /** closed all day, whatever the week says */
  holidays: string[];
  /** worked as told here, whatever the week and the holidays say */
  workdays: Record<string, Interval[]>;
}
