import { warningsOf } from '../../domain/policy/check.js';
import { packs } from '../../domain/policy/packs.js';
import { Policy, PublishedPolicy, Statute } from '../../domain/policy/schema.js';
import { agreementOf } from '../../domain/policy/agreement.js';
import { faultsWithCalendars, pathOfCalendar } from '../../domain/policy/reach.js';
import { CalendarUnknown } from '../../prisma/agreements.js';
import type { Deps } from '../deps.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import { PublishingWarnings, versionRoute } from '../http/published.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';

const PackView = z.strictObject({
  name: z.string(), title: z.strictObject({ en: z.string(), zh: z.string() }), source: z.string(), statutes: z.array(Statute),
}).openapi('StatutoryPack');

/** Policies are data with a version; the one that holds is the latest named `default` (spec: api, policy). */
export function policyRoutes({ records, vault, clock }: Deps): Route[] {
  return [
    declare({
      ...plain, method: 'get', path: '/v1/policies/current', tag: 'policies', access: 'everybody', summary: 'The policy that new cases are opened under',
      answers: { 200: { description: 'The policy', schema: PublishedPolicy } },
      act: async () => ({ status: 200, body: await records.currentPolicy() }),
    }),
    versionRoute({
      path: '/v1/policies', tag: 'policies', access: 'everybody', summary: 'A version of a policy', schema: PublishedPolicy,
      read: (name, version) => records.policy(name, version),
    }),
    declare({
      ...plain, method: 'get', path: '/v1/statutory-packs', tag: 'policies', access: 'everybody', summary: 'Regulators’ limits that a policy may name',
      answers: { 200: { description: 'All packs', schema: z.strictObject({ items: z.array(PackView) }) } },
      act: () => ({ status: 200, body: { items: packs } }),
    }),
    declare({
      ...plain, method: 'post', path: '/v1/policies', tag: 'policies', access: ['admin'], summary: 'Publish the next version of a policy', body: Policy,
      description: 'What is left out has the value of the standard policy. Cases that are open keep the version they were opened under.',
      answers: { 201: { description: 'The version, and what is odd about it', schema: PublishedPolicy.extend({ warnings: PublishingWarnings }), headers: ['Location'] } },
      act: async ({ caller, body, request }) => {
        const now = clock();
        const pinned = await records.pinned(body, now).catch((error: unknown) => unknownCalendar(body, error));
        const faults = faultsWithCalendars(pinned, now);
        const key = idempotencyKey(request, caller.sub, vault.digest);
        // a repeat is answered with what it made then, also when calendars have come to their end since
        if (faults.length > 0 && !(key && (await records.isUsed(key)))) throw Problem.field(faults.map(({ path, message }) => ({ path: path.join('.'), message })));
        const policy = await records.publish(body, caller.sub, key);
        return { status: 201, body: { ...policy, warnings: warningsOf(agreementOf(pinned), now) }, location: `/v1/policies/${policy.name}/${policy.version}` };
      },
    }),
  ];
}

/** A calendar that is named must have been published before. */
function unknownCalendar(policy: Policy, error: unknown): never {
  if (!(error instanceof CalendarUnknown)) throw error;
  throw Problem.field([{ path: pathOfCalendar(policy, error.calendar).join('.'), message: 'is no published calendar' }], 'unknown-code');
}
