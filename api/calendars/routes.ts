import { publishable, warningsOf } from '../../calendars/publish.js';
import { PublishedCalendar, WrittenCalendar } from '../../domain/calendar/schema.js';
import { cutCalendar } from '../../domain/calendar/cut.js';
import { calendarId } from '../../domain/policy/agreement.js';
import { faultsWithCalendars } from '../../domain/policy/reach.js';
import { type Instant } from '../../domain/time.js';
import { Paging } from '../complaints/query.js';
import type { Deps } from '../deps.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import { PublishingWarnings, versionRoute } from '../http/published.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { pathOf, Problem } from '../problem/problem.js';
import type { Records } from '../records/records.js';
import { presetRoute } from './presets.js';

const CalendarList = z.strictObject({ items: z.array(PublishedCalendar), next: z.string().nullable() });

/** Calendars are data with a version: published, never changed, and named by policies (spec: sla, calendars). */
export function calendarRoutes({ records, vault, clock }: Deps): Route[] {
  return [
    declare({
      ...plain, method: 'get', path: '/v1/calendars', tag: 'calendars', access: 'everybody', summary: 'The latest version of each calendar',
      query: z.strictObject(Paging), answers: { 200: { description: 'A page, by name', schema: CalendarList } },
      act: async ({ query }) => ({ status: 200, body: await records.calendars(query) }),
    }),
    versionRoute({
      path: '/v1/calendars', tag: 'calendars', access: 'everybody', summary: 'A version of a calendar', schema: PublishedCalendar,
      read: (name, version) => records.calendar(name, version),
    }),
    declare({
      ...plain, method: 'post', path: '/v1/calendars', tag: 'calendars', access: ['admin'], summary: 'Publish the next version of a calendar',
      description: 'Its zone is resolved to offset changes for the years it covers (from last year to the year after next, and every year that is named, unless told), and these are kept with it: later changes of time zone tables change no due date. Cases that are open keep the version they were opened under.',
      body: WrittenCalendar,
      answers: { 201: { description: 'The version, and what is odd about it', schema: PublishedCalendar.extend({ warnings: PublishingWarnings }), headers: ['Location'] } },
      act: async ({ caller, body, request }) => {
        const found = publishable(body, clock());
        if ('fault' in found) throw Problem.field([{ path: pathOf(found.fault.path), message: found.fault.message }]);
        const now = clock();
        const warnings = [...warningsOf(found.calendar), ...(await unreached(records, found.calendar, now))];
        const calendar = await records.publishCalendar(found.calendar, caller.sub, idempotencyKey(request, caller.sub, vault.digest));
        const { name, version } = calendar;
        return { status: 201, body: { ...calendar, warnings }, location: `/v1/calendars/${name}/${version}` };
      },
    }),
    presetRoute,
  ];
}

/**
 * Policies that name this calendar, and whose budgets it would not reach: cases filed from now on would have clocks that are never due.
 * Throws 422 where it is too large to travel in the histories of their cases.
 */
async function unreached(records: Records, calendar: Omit<PublishedCalendar, 'version'>, now: Instant): Promise<{ code: string; detail: string }[]> {
  const warnings: { code: string; detail: string }[] = [];
  for (const policy of await records.policiesNaming(calendar.name)) {
    const pinned = await records.pinned(policy, now);
    const id = calendarId(calendar.name, pinned.versions?.[calendar.name] ?? 0);
    const faults = faultsWithCalendars({ ...pinned, calendars: { ...pinned.calendars, [id]: cutCalendar(calendar, now) } }, now);
    const tooLarge = faults.find(({ path }) => path.join() === 'calendar');
    if (tooLarge) throw Problem.field([{ path: 'years', message: `with the policy ${policy.name}: ${tooLarge.message}` }]);
    warnings.push(...faults.map(({ path, message }) => ({ code: 'policy-not-reached', detail: `Policy ${policy.name}: ${path.join('.')} ${message}.` })));
  }
  return warnings;
}
