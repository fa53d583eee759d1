import { clockNames } from '../../domain/sla/clock.js';
import type { Deps } from '../deps.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import { PublishedParams, UnderPolicy, versionOf } from '../http/published.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';

const Moment = z.iso.datetime({ precision: 3 });
const From = UnderPolicy.describe('only open cases under this policy, in any version unless told; null: all open cases');

const DryRunBody = z.strictObject({
  from: From, limit: z.int().min(1).max(200).default(50), cursor: z.uuid().nullish().transform((cursor) => cursor ?? null),
});
const Due = z.strictObject({ before: Moment.nullable(), after: Moment.nullable() });
const DryRunCase = z.strictObject({
  complaint: z.uuid(), version: z.int(), refused: z.string().nullable().describe('why the case would stay as it is'),
  clocks: z.array(z.strictObject({
    id: z.string(), name: z.enum(clockNames), dueAt: Due, breaches: z.boolean().describe('the migration itself would put it past its limit'),
  })),
});

const Migration = z.strictObject({
  id: z.uuid(), policy: z.strictObject({ name: z.string(), version: z.int() }), calendars: z.record(z.string(), z.int()),
  from: z.strictObject({ name: z.string(), version: z.int().nullable() }).nullable(), by: z.string(), createdAt: Moment,
  asked: z.int().describe('cases asked so far'), waiting: z.int().describe('of these, cases that have not answered yet'),
  migrated: z.int().describe('of these, cases under the new policy now; the others were closed by then, or under it before'),
  askedAllAt: Moment.nullable(), state: z.enum(['running', 'done']),
}).openapi('PolicyMigration');

/** Open cases under another policy: tried first, with every due date before and after; then done, case by case (spec: sla, policy). */
export function migrationRoutes({ records, vault, clock }: Deps): Route[] {
  const target = versionOf((name, version) => records.policy(name, version));
  return [
    declare({
      ...plain, method: 'post', path: '/v1/policies/{name}/{version}/migrations/dry-run', tag: 'policies', access: ['admin'],
      summary: 'Try a migration of open cases: every due date before and after', params: PublishedParams, body: DryRunBody, find: target,
      description: 'Changes nothing. The calendars are the latest versions of those that the policy names, as the migration would pin them.',
      answers: { 200: { description: 'A page of open cases, by id', schema: z.strictObject({ items: z.array(DryRunCase), next: z.uuid().nullable() }) } },
      act: async ({ subject, body }) => ({ status: 200, body: await records.dryRun(subject, body, clock()) }),
    }),
    declare({
      ...plain, method: 'post', path: '/v1/policies/{name}/{version}/migrations', tag: 'policies', access: ['admin'],
      summary: 'Put open cases under this version', params: PublishedParams, body: z.strictObject({ from: From }), find: target,
      description: 'Cases are asked some at a time; each records the change as an event, with who asked for it. It goes on after a restart.',
      answers: { 202: { description: 'The migration; it is under way', schema: Migration, headers: ['Location'] } },
      act: async ({ caller, subject, body, request }) => {
        const migration = await records.migrate(subject, body.from, caller.sub, idempotencyKey(request, caller.sub, vault.digest));
        return { status: 202, body: shown(migration), location: `/v1/policy-migrations/${migration.id}` };
      },
    }),
    declare({
      ...plain, method: 'get', path: '/v1/policy-migrations/{id}', tag: 'policies', access: ['admin', 'auditor'], summary: 'How far a migration has come',
      params: z.object({ id: z.uuid() }),
      answers: { 200: { description: 'The migration', schema: Migration } },
      find: async ({ params }) => {
        const migration = await records.migration(params.id);
        if (!migration) throw Problem.of('not-found');
        return migration;
      },
      act: ({ subject }) => ({ status: 200, body: shown(subject) }),
    }),
  ];
}

function shown<M extends { askedAllAt: string | null; waiting: number }>(migration: M): M & { state: 'running' | 'done' } {
  return { ...migration, state: migration.askedAllAt !== null && migration.waiting === 0 ? 'done' : 'running' };
}
