import { z } from 'zod';
import { isWhole, notWhole, PublishedName } from '../schema.js';
import { weekdays, type Weekday } from './calendar.js';
import { timeOfDay } from './localTime.js';

export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2100;
const isCovered = (year: number): boolean => year >= FIRST_YEAR && year <= LAST_YEAR;

const Time = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day such as 09:00, from 00:00 to 24:00');

/** From and to on one local day; a night is two of them, split at midnight. */
const Interval = z.tuple([Time, Time])
  .refine(([from, to]) => timeOfDay(from) < timeOfDay(to), 'must end after it begins: a night is split at midnight, ["22:00","24:00"] and ["00:00","06:00"]');

const Day = z.array(Interval).max(48).superRefine((intervals, context) => {
  for (const [n, interval] of intervals.entries()) {
    const before = intervals[n - 1];
    if (!before || timeOfDay(interval[0]) > timeOfDay(before[1])) continue;
    context.addIssue({ code: 'custom', path: [n], message: 'must begin after the one before it has ended: intervals are in order and apart' });
  }
});
/** The intervals of a day that is open at all. */
export const WorkedDay = Day.min(1, 'must have an interval: a day that is not worked is a holiday');

const date = z.iso.date('must be a date such as 2026-10-01')
  .refine((text) => isCovered(Number(text.slice(0, 4))), `must be from ${FIRST_YEAR} to ${LAST_YEAR}`);
const Year = z.int().min(FIRST_YEAR).max(LAST_YEAR);
/** So many years a calendar covers at most: they are laid out day by day. */
export const MOST_YEARS = 30;
const Years = z.strictObject({ from: Year, to: Year }).refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' })
  .refine(({ from, to }) => to - from < MOST_YEARS, { path: ['to'], message: `must be within ${MOST_YEARS} years of from` });

const hours = {
  zone: z.string().min(1).max(64).meta({ description: 'A zone of the IANA database', examples: ['Asia/Shanghai'] }),
  week: z.strictObject(Object.fromEntries(weekdays.map((day) => [day, Day.optional()])) as Record<Weekday, z.ZodOptional<typeof Day>>),
  holidays: z.array(date).max(2000).default([]),
  workdays: z.record(date, WorkedDay).default({}).meta({ description: 'Days that are worked as told here, whatever the week and the holidays say' }),
  years: Years.optional().meta({ description: 'The years covered, both included' }),
};

/** Hours as a simulation takes them: a calendar that need not be published. */
export const CalendarHours = z.strictObject(hours);
export type CalendarHours = z.infer<typeof CalendarHours>;

/** What a library or a government calls something: it may be empty, and is kept as it is. */
const name = (most: number) => z.string().max(most).refine(isWhole, notWhole);

/** Where the rows of a country came from. */
const Origin = z.strictObject({ library: name(100), version: name(40), country: name(20), region: name(20).nullish() });

/** The body that publishes a calendar (spec: sla, calendars). */
export const WrittenCalendar = z.strictObject({
  name: PublishedName,
  ...hours,
  notes: z.record(date, name(100)).default({}).meta({ description: 'What a holiday or a worked day is called' }),
  origin: Origin.nullish().transform((origin) => origin ?? null),
});
export type WrittenCalendar = z.infer<typeof WrittenCalendar>;

const OffsetChange = z.tuple([z.int().nullable(), z.int()]);

/** A calendar as it was published. `offsets` are the zone's: from when on (milliseconds since the epoch) how many seconds ahead of UTC. */
export const PublishedCalendar = z.strictObject({
  ...WrittenCalendar.shape,
  years: Years,
  origin: Origin.nullable(),
  version: z.int().min(1),
  offsets: z.array(OffsetChange),
  zoneTables: z.string().meta({ description: 'The version of the IANA database that the offsets were taken from' }),
});
export type PublishedCalendar = z.infer<typeof PublishedCalendar>;
