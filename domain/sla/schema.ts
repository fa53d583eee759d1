import { z } from 'zod';
import { CalendarHours } from '../calendar/schema.js';
import { Moment } from '../schema.js';

/** 100 years, beyond which an instant is no longer written with four digits of year. */
const MOST_SECONDS = 100 * 366 * 86_400;

/** Instants have four digits of year, and are compared as they are written. */
const END_OF_TIME = Date.UTC(10_000, 0, 1);

const Log = z.array(z.strictObject({ at: Moment, type: z.enum(['pause', 'resume', 'stop']) })).max(1000).superRefine((log, context) => {
  for (const [n, { at }] of log.entries()) {
    const before = log[n - 1];
    if (before && at < before.at) context.addIssue({ code: 'custom', path: [n, 'at'], message: `must not be before the entry before it, ${before.at}` });
  }
});

/** The body of `POST /v1/sla/simulate`: one clock, its ledger and the instant to read it at. */
export const SimulateRequest = z.strictObject({
  calendar: CalendarHours.nullish().transform((calendar) => calendar ?? null).meta({ description: 'null: around the clock' }),
  start: Moment,
  budgetSeconds: z.int().min(1).max(MOST_SECONDS),
  warnAt: z.array(z.int().min(1).max(100)).max(20).default([]),
  log: Log.default([])
    .meta({ description: 'In order of time. What lies after now has not happened yet, what lies before the start counts at the start.' }),
  now: Moment,
}).refine(({ start, budgetSeconds, log }) => Date.parse(log.reduce((last, { at }) => (at > last ? at : last), start)) + budgetSeconds * 1000 < END_OF_TIME, { path: ['budgetSeconds'], message: 'must end before the year 10000' });
export type SimulateRequest = z.infer<typeof SimulateRequest>;

const Instant = z.iso.datetime({ precision: 3 });

export const SimulateResponse = z.strictObject({
  state: z.enum(['running', 'paused', 'met', 'breached']),
  dueAt: Instant.nullable(),
  breachedAt: Instant.nullable(),
  consumedSeconds: z.int().min(0),
  warnings: z.array(z.strictObject({ percent: z.int(), at: Instant })),
});
export type SimulateResponse = z.infer<typeof SimulateResponse>;
