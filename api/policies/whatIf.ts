import type { PublishedPolicy } from '../../domain/policy/schema.js';
import { Moment } from '../../domain/schema.js';
import type { Deps } from '../deps.js';
import { declare, plain } from '../http/declare.js';
import { PublishedParams, UnderPolicy, versionOf } from '../http/published.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';

const At = z.iso.datetime({ precision: 3 });
const Asked = z.strictObject({
  from: Moment.nullish().transform((at) => at ?? null).describe('received at this instant or later'),
  to: Moment.nullish().transform((at) => at ?? null).describe('received before this instant'),
  policy: UnderPolicy.describe('only cases under this policy, in any version unless told'),
  limit: z.int().min(1).max(200).default(50),
  cursor: z.string().max(500).nullish().transform((cursor) => cursor ?? null),
});

const Course = z.strictObject({
  breaches: z.array(z.strictObject({ clock: z.string(), at: At })),
  escalations: z.array(z.strictObject({ at: At, from: z.int(), to: z.int(), cause: z.string(), clock: z.string().nullable() })),
});
const Counted = z.strictObject({ recorded: z.int(), whatIf: z.int() });
const Answer = z.strictObject({
  items: z.array(z.strictObject({
    complaint: z.uuid(), tier: z.string(), receivedAt: At, known: z.boolean().describe('false for a case that came without its filing'),
    differs: z.boolean(), recorded: Course, whatIf: Course,
    impossible: z.array(z.strictObject({ command: z.string(), at: At, code: z.string() })).describe('what was done then and would have been refused'),
  })),
  totals: z.strictObject({ cases: z.int(), unknown: z.int(), differing: z.int(), breaches: Counted, escalations: Counted }).describe('of this page'),
  next: z.string().nullable(),
});

/** Past cases lived again under a policy, by the rules that decide living ones (spec: evidence, 7). */
export function whatIfRoute({ records, clock }: Deps): Route {
  return declare({
    ...plain, method: 'post', path: '/v1/policies/{name}/{version}/what-if', tag: 'policies', access: ['admin', 'quality', 'auditor'],
    summary: 'Which breaches and escalations would have differed under this version', params: PublishedParams, body: Asked,
    description: 'Each case is lived again with its own commands at their own instants, on the latest versions of the calendars that the policy names. Nothing is changed.',
    answers: { 200: { description: 'A page of cases, in the order of their receipt', schema: Answer } },
    find: versionOf<PublishedPolicy>((name, version) => records.policy(name, version)),
    act: async ({ subject, body: { limit, cursor, ...filter } }) =>
      ({ status: 200, body: await records.whatIf(subject, filter, { limit, cursor }, clock()) }),
  });
}
