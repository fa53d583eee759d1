import { publishable, warningsOf } from '../../calendars/publish.js';
import { PublishedCalendar, WrittenCalendar } from '../../domain/calendar/schema.js';
import { instant } from '../../domain/time.js';
import { Paging } from '../complaints/query.js';
import type { Deps } from '../deps.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import { PublishedParams, PublishingWarnings } from '../http/published.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { pathOf, Problem } from '../problem/problem.js';
import { presetRoute } from './presets.js';

const CalendarList = z.strictObject({ items: z.array(PublishedCalendar), next: z.string().nullable() });

/** Calendars are data with a version: published, never changed, and named by policies (spec: sla, calendars). */
export function calendarRoutes({ records, vault }: Deps): Route[] {
  return [
    declare({
      ...plain, method: 'get', path: '/v1/calendars', tag: 'calendars', access: 'everybody', summary: 'The latest version of each calendar',
      query: z.strictObject(Paging), answers: { 200: { description: 'A page, by name', schema: CalendarList } },
      act: async ({ query }) => ({ status: 200, body: await records.calendars(query) }),
    }),
    declare({
      ...plain, method: 'get', path: '/v1/calendars/{name}/{version}', tag: 'calendars', access: 'everybody', summary: 'A version of a calendar', params: PublishedParams,
      answers: { 200: { description: 'The calendar', schema: PublishedCalendar } },
      find: async ({ params }) => {
        const calendar = await records.calendar(params.name, params.version);
        if (!calendar) throw Problem.of('not-found');
        return calendar;
      },
      act: ({ subject }) => ({ status: 200, body: subject }),
    }),
    declare({
      ...plain, method: 'post', path: '/v1/calendars', tag: 'calendars', access: ['admin'], summary: 'Publish the next version of a calendar',
      description: 'Its zone is resolved to offset changes for the years it covers (from last year to the year after next, and every year that is named, unless told), and these are kept with it: later changes of time zone tables change no due date. Cases that are open keep the version they were opened under.',
      body: WrittenCalendar,
      answers: { 201: { description: 'The version, and what is odd about it', schema: PublishedCalendar.extend({ warnings: PublishingWarnings }), headers: ['Location'] } },
      act: async ({ caller, body, request }) => {
        const found = publishable(body, instant(Date.now()));
        if ('fault' in found) throw Problem.field([{ path: pathOf(found.fault.path), message: found.fault.message }]);
        const calendar = await records.publishCalendar(found.calendar, caller.sub, idempotencyKey(request, caller.sub, vault.digest));
        const { name, version } = calendar;
        return { status: 201, body: { ...calendar, warnings: warningsOf(calendar) }, location: `/v1/calendars/${name}/${version}` };
      },
    }),
    presetRoute,
  ];
}
