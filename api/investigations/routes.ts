import { Code } from '../../domain/complaint/schema.js';
import { InvestigationView, OpenInvestigation } from '../../domain/investigation/schema.js';
import { conflict } from '../../domain/refusal.js';
import { mayRead } from '../../prisma/reader.js';
import { readerOf, seeAll } from '../access/visibility.js';
import { allowed } from '../commands/act.js';
import { openSatchel } from '../commands/satchel.js';
import { Paging } from '../complaints/query.js';
import type { Deps } from '../deps.js';
import { actorOf, type Caller } from '../http/caller.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';
import { findInvestigation, investigationCommands } from './commands.js';
import { investigationPresenter } from './view.js';

const ListQuery = z.strictObject({ status: z.enum(['open', 'concluded']).optional(), type: Code.optional(), ...Paging });
const InvestigationList = z.strictObject({ items: z.array(InvestigationView), next: z.string().nullable() });

/** Opening, listing, reading and running investigations (spec: api, investigations). */
export function investigationRoutes(deps: Deps): Route[] {
  const { records, engine, vault } = deps;
  const show = investigationPresenter(deps);

  const open = declare({
    ...plain, method: 'post', path: '/v1/investigations', tag: 'investigations', access: ['quality', 'supervisor'], summary: 'Open an investigation',
    body: OpenInvestigation, problems: [409],
    description: 'Each complaint is linked by a command of its own; those that took longer than two seconds show in the next reading.',
    answers: { 201: { description: 'The investigation', schema: InvestigationView, headers: ['ETag', 'Location'] } },
    act: async (call) => {
      const { caller, body, request } = call;
      const actor = actorOf(caller, allowed(call));
      const key = idempotencyKey(request, caller.sub, vault.digest);
      const satchel = openSatchel(await records.lists(), new Map());
      const data = { title: satchel.put(body.title), type: satchel.code('type', body.type, 'type') ?? null };
      satchel.settle();
      const complaints = await casesToLink(deps, caller, body.complaints, key !== null && await records.isUsed(key));
      const opened = await engine.openInvestigation({ actor, data, words: satchel.words, key, complaints });
      if ('refusal' in opened) throw Problem.refused(opened.refusal);
      return { status: 201, body: await show.one(caller, opened.state), version: opened.version, location: `/v1/investigations/${opened.state.id}` };
    },
  });

  const list = declare({
    ...plain, method: 'get', path: '/v1/investigations', tag: 'investigations', access: seeAll, summary: 'List investigations', query: ListQuery,
    answers: { 200: { description: 'A page, the latest opened first', schema: InvestigationList } },
    act: async ({ caller, query: { limit, cursor, ...filter } }) => {
      const page = await records.investigations({ filter, limit, ...(cursor ? { cursor } : {}) });
      return { status: 200, body: { items: await show.list(caller, page.items), next: page.next } };
    },
  });

  const read = declare({
    ...plain, method: 'get', path: '/v1/investigations/{id}', tag: 'investigations', access: 'everybody', summary: 'Read an investigation',
    description: 'A department reads those in which its caller owns a measure.', params: z.object({ id: z.uuid() }),
    answers: { 200: { description: 'The investigation', schema: InvestigationView, headers: ['ETag'] } },
    find: findInvestigation(deps),
    act: async ({ caller, subject }) => ({ status: 200, body: await show.one(caller, subject), version: subject.version }),
  });

  return [open, list, read, ...investigationCommands(deps)];
}

/**
 * The cases that an investigation begins with: there, visible, open and linked to no other. A repeated request is not asked again
 * how they stand: its own first try has linked them.
 */
async function casesToLink({ records }: Deps, caller: Caller, ids: readonly string[], isRepeat: boolean): Promise<string[]> {
  const reader = readerOf(caller);
  const rows = reader ? (await records.complaintsOf(ids)).filter((row) => mayRead(reader, row)) : [];
  const found = new Map(rows.map(({ state }) => [state.id, state]));
  const absent = ids.flatMap((id, i) => (found.has(id) ? [] : [{ path: `complaints.${i}`, message: `is no complaint: ${id}` }]));
  if (absent.length > 0) throw Problem.field(absent, 'unknown-code');
  if (isRepeat) return [...found.keys()];
  for (const [i, id] of ids.entries()) {
    const path = `complaints.${i}`;
    if (found.get(id)?.closedAt) throw Problem.refused(conflict('closed', `Complaint ${id} is closed; leave it out.`).refusal, path);
    if (found.get(id)?.investigation) {
      throw Problem.refused(conflict('already-linked', `Complaint ${id} belongs to an investigation already; leave it out.`).refusal, path);
    }
  }
  return [...found.keys()];
}
