import { preset } from '../../calendars/presets.js';
import { FIRST_YEAR, LAST_YEAR, WorkedDay, WrittenCalendar } from '../../domain/calendar/schema.js';
import { declare, plain } from '../http/declare.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';

/** More than anybody plans for at once. */
const MOST_YEARS = 20;

const Year = z.string().regex(/^\d{4}$/, 'must be a year').transform(Number).pipe(z.int().min(FIRST_YEAR).max(LAST_YEAR))
  .meta({ type: 'integer', minimum: FIRST_YEAR, maximum: LAST_YEAR });
const Hours = z.string().max(500).default('09:00-18:00').transform((text) => text.split(',').map((interval) => interval.split('-'))).pipe(WorkedDay);
const Query = z.strictObject({
  from: Year,
  to: Year,
  region: z.string().regex(/^[A-Z0-9]{1,3}$/, 'must be the code of a region, such as BY').optional(),
  hours: Hours.meta({ description: 'When a make-up day is worked: 09:00-12:00,13:30-18:00' }),
}).refine(({ from, to }) => from <= to && to - from < MOST_YEARS, {
  path: ['to'], message: `must not be before from, nor ${MOST_YEARS} years after it`, when: ({ issues }) => issues.length === 0,
});

const { holidays, workdays, notes, origin } = WrittenCalendar.shape;
const Preset = z.strictObject({ holidays, workdays, notes, origin });

/** The holidays and make-up days of a country, to be looked through and published with a calendar. */
export const presetRoute: Route = declare({
  ...plain, method: 'get', path: '/v1/calendar-presets/{country}', tag: 'calendars', access: 'everybody', summary: 'Holidays and make-up days of a country',
  description: 'Rows for POST /v1/calendars, which may be edited before. They come from libraries that are told in origin; of CN with the make-up days that the State Council has announced.',
  params: z.object({ country: z.string().regex(/^[A-Z]{2}$/) }), query: Query,
  answers: { 200: { description: 'The rows', schema: Preset } },
  act: async ({ params: { country }, query: { from, to, region, hours: worked } }) => {
    const found = await preset({ country, region: region ?? null, years: { from, to }, hours: worked });
    if (found === null) throw Problem.of('not-found', `No holidays are known of ${country}${region === undefined ? '' : ` ${region}`}.`);
    if ('unknown' in found) throw Problem.field([{ path: 'to', message: `Those of ${found.unknown.join(', ')} are not announced yet, or not known here.` }]);
    return { status: 200, body: found };
  },
});
