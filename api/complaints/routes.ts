import { filers } from '../../domain/complaint/roles.js';
import { Intake } from '../../domain/complaint/schema.js';
import { readerOf } from '../access/visibility.js';
import { allowed } from '../commands/act.js';
import { openSatchel } from '../commands/satchel.js';
import type { Deps } from '../deps.js';
import { actorOf } from '../http/caller.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { notInFuture } from '../problem/future.js';
import { Problem } from '../problem/problem.js';
import { unpackIntake, namedPolicy } from './file.js';
import { finder } from './find.js';
import { pages } from './page.js';
import { ListQuery } from './query.js';
import { ComplaintView } from './shape.js';
import { presenter } from './show.js';

const ComplaintList = z.strictObject({ items: z.array(ComplaintView), next: z.string().nullable() });

/** Filing, listing and reading complaints (spec: api, complaints). */
export function complaintRoutes(deps: Deps): Route[] {
  const { records, engine, vault, clock } = deps;
  const show = presenter(deps);
  const page = pages(deps);

  const file = declare({
    ...plain, method: 'post', path: '/v1/complaints', tag: 'complaints', access: filers, summary: 'File a complaint', body: Intake,
    description: 'Filed by an agent or supervisor, the case is theirs and accepted at once; filed by a channel, it waits for somebody to accept it.',
    answers: { 201: { description: 'The complaint', schema: ComplaintView, headers: ['ETag', 'Location'] } },
    act: async ({ caller, role, body, request }) => {
      notInFuture(body.receivedAt, 'receivedAt', clock());
      const actor = actorOf(caller, allowed({ role }));
      const satchel = openSatchel(await records.lists(), new Map());
      const filing = unpackIntake(body, satchel);
      const policy = await namedPolicy(body.policy, actor.role, records);
      const filed = await engine.intake({
        actor, filing, policy, customer: body.customer, words: satchel.words, key: idempotencyKey(request, caller.sub, vault.digest),
      });
      if ('refusal' in filed) throw Problem.refused(filed.refusal);
      const { row, state, said } = filed;
      const shown = await show.one(caller, row, state, { given: body.customer, words: [...satchel.words, ...said] });
      return { status: 201, body: shown, version: filed.version, location: `/v1/complaints/${state.id}` };
    },
  });

  const list = declare({
    ...plain, method: 'get', path: '/v1/complaints', tag: 'complaints', access: 'everybody', summary: 'List the complaints you may see', query: ListQuery,
    answers: { 200: { description: 'A page', schema: ComplaintList } },
    act: async ({ caller, query }) => {
      const { limit, cursor, sort, ...filter } = query;
      const reader = readerOf(caller);
      // a channel is not told whose number is a key customer's, nor by what a list leaves out
      if (!reader || (reader.sees === 'filed' && filter.special === 'key_customer')) return { status: 200, body: { items: [], next: null } };
      const { owner } = filter;
      // as they stand in cases: somebody whose sub is an address is there under a random id
      const whose = owner === undefined ? {} : { owner: await records.asKept(owner) };
      const asked = { reader, filter: { ...filter, ...whose }, sort, limit, now: clock(), ...(cursor ? { cursor } : {}) };
      return { status: 200, body: await page(caller, reader, await records.complaints(asked)) };
    },
  });

  const read = declare({
    ...plain, method: 'get', path: '/v1/complaints/{id}', tag: 'complaints', access: 'everybody', summary: 'Read a complaint', params: z.object({ id: z.uuid() }),
    description: 'As recorded: with every command that was answered, and what the case has done by itself.',
    answers: { 200: { description: 'The complaint', schema: ComplaintView, headers: ['ETag'] } },
    find: finder(deps),
    act: async ({ caller, subject }) => ({ status: 200, body: await show.one(caller, subject), version: subject.state.version }),
  });

  return [file, list, read];
}
