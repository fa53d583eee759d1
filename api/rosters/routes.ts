import { COMPANY, PublishedRoster, Roster } from '../../domain/roster/schema.js';
import { Moment } from '../../domain/schema.js';
import { CalendarUnknown } from '../../prisma/agreements.js';
import type { Deps } from '../deps.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import { versionRoute } from '../http/published.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';
import type { Records } from '../records/records.js';

const Asked = z.strictObject({
  rung: z.enum(['0', '1', '2', '3']).transform(Number),
  at: Moment.optional(),
  deputies: z.enum(['true', 'false']).transform((text) => text === 'true').optional(),
});
const OnDuty = z.strictObject({
  rung: z.int(), people: z.array(z.string()),
  at: z.iso.datetime({ precision: 3 }).describe('from when on they may be called: the instant asked for, or the next at which somebody stands'),
}).openapi('OnDuty');

/** Who stands at each rung of a department at which hours: data with a version, as policies and calendars are (L1.14). */
export function rosterRoutes({ records, vault, clock }: Deps): Route[] {
  return [
    declare({
      ...plain, method: 'get', path: '/v1/rosters', tag: 'rosters', access: ['admin', 'supervisor', 'auditor'], summary: 'The latest roster of each department',
      answers: { 200: { description: 'By department', schema: z.strictObject({ items: z.array(PublishedRoster) }) } },
      act: async () => ({ status: 200, body: { items: await records.rosters() } }),
    }),
    // before the versions, whose path would take it
    declare({
      ...plain, method: 'get', path: '/v1/rosters/{name}/on-duty', tag: 'rosters', access: ['agent', 'supervisor', 'quality', 'admin', 'auditor'],
      summary: 'Who stands at a rung, now or next',
      params: z.object({ name: z.string().max(64) }), query: Asked,
      answers: { 200: { description: 'Who, and from when on', schema: OnDuty } },
      find: async ({ params }) => {
        if (params.name !== COMPANY && !(await records.isDepartment(params.name))) throw Problem.of('not-found');
        return params.name;
      },
      act: async ({ subject: department, query: { rung, at = clock(), deputies = false } }) => {
        const standing = await records.onDuty({ department, rung, deputies }, at);
        return { status: 200, body: { rung, at: standing?.at ?? at, people: standing?.people ?? [] } };
      },
    }),
    versionRoute({
      path: '/v1/rosters', tag: 'rosters', access: ['admin', 'supervisor', 'auditor'], summary: 'A version of a roster', schema: PublishedRoster,
      read: (name, version) => records.roster(name, version),
    }),
    declare({
      ...plain, method: 'post', path: '/v1/rosters', tag: 'rosters', access: ['admin', 'supervisor'], summary: 'Publish the next roster of a department', body: Roster,
      description: 'It holds for every notice from now on. People must have signed in before, and calendars must be published.',
      answers: { 201: { description: 'The version', schema: PublishedRoster, headers: ['Location'] } },
      act: async ({ caller, body, request }) => {
        const roster = await known(records, body);
        const done = await records.publishRoster(roster, caller.sub, idempotencyKey(request, caller.sub, vault.digest));
        return { status: 201, body: done, location: `/v1/rosters/${done.name}/${String(done.version)}` };
      },
    }),
  ];
}

/** The roster with its people as events name them. Throws 422 for a department, a person or a calendar that there is not. */
async function known(records: Records, roster: Roster): Promise<Roster> {
  const { name, shifts, absences } = roster;
  if (name !== COMPANY && !(await records.isDepartment(name))) throw Problem.field([{ path: 'name', message: 'is no department' }], 'unknown-code');
  await records.hoursOfCalendars(shifts.map(({ calendar }) => calendar)).catch((error: unknown) => {
    if (!(error instanceof CalendarUnknown)) throw error;
    const at = shifts.findIndex(({ calendar }) => calendar === error.calendar);
    throw Problem.field([{ path: `shifts.${String(at)}.calendar`, message: 'is no published calendar' }], 'unknown-code');
  });
  const standing = shifts.flatMap(({ people: some, deputies }) => [...some, ...deputies]);
  const named = [...standing, ...absences.flatMap(({ person: away, deputy }) => [away, deputy])];
  const people = await records.people([...new Set(named.filter((sub) => sub !== null))]);
  const person = (sub: string, path: string): string => {
    const found = people.get(sub);
    if (found === undefined) throw Problem.field([{ path, message: 'has never signed in' }], 'unknown-code');
    return found;
  };
  return {
    name,
    shifts: shifts.map((shift, i) => ({
      ...shift,
      people: shift.people.map((sub, n) => person(sub, `shifts.${String(i)}.people.${String(n)}`)),
      deputies: shift.deputies.map((sub, n) => person(sub, `shifts.${String(i)}.deputies.${String(n)}`)),
    })),
    absences: absences.map((absence, i) => ({
      ...absence,
      person: person(absence.person, `absences.${String(i)}.person`),
      deputy: absence.deputy === null ? null : person(absence.deputy, `absences.${String(i)}.deputy`),
    })),
  };
}
