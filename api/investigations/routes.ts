import type { Actor, Role } from '../../domain/event.js';
import { InvestigationView, OpenInvestigation } from '../../domain/investigation/schema.js';
import type { Investigation } from '../../domain/investigation/state.js';
import { conflict } from '../../domain/refusal.js';
import type { IdempotencyKey } from '../../engine/engine.js';
import { EngineAway, OutcomeUnknown } from '../../engine/failure.js';
import { allowed } from '../commands/act.js';
import { openSatchel } from '../commands/satchel.js';
import { Paging } from '../complaints/query.js';
import type { Deps } from '../deps.js';
import { actorOf } from '../http/caller.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey, stepKey } from '../http/idempotency.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';
import type { CaseRow } from '../records/records.js';
import { findInvestigation, investigationCommands } from './commands.js';
import { investigationPresenter } from './view.js';

const readers: readonly Role[] = ['quality', 'supervisor', 'agent', 'auditor', 'admin'];
const ListQuery = z.strictObject({ status: z.enum(['open', 'concluded']).optional(), type: z.string().max(64).optional(), ...Paging });
const InvestigationList = z.strictObject({ items: z.array(InvestigationView), next: z.string().nullable() });

/** Opening, listing, reading and running investigations (spec: api, investigations). */
export function investigationRoutes(deps: Deps): Route[] {
  const { records, engine, vault } = deps;
  const show = investigationPresenter(deps);

  const open = declare({
    ...plain, method: 'post', path: '/v1/investigations', tag: 'investigations', access: ['quality', 'supervisor'], summary: 'Open an investigation',
    body: OpenInvestigation,
    answers: { 201: { description: 'The investigation', schema: InvestigationView, headers: ['ETag', 'Location'] } },
    act: async (call) => {
      const { caller, body, request } = call;
      const actor = actorOf(caller, allowed(call));
      const key = idempotencyKey(request, caller.sub, vault.digest);
      const cases = await casesOf(deps, [...new Set(body.complaints)], key !== null);
      const satchel = openSatchel(await records.lists(), new Map());
      const data = { title: satchel.put(body.title), type: satchel.code('type', body.type, 'type') ?? null };
      satchel.settle();
      const complaints = cases.map(({ state }) => state.id);
      const opened = await engine.openInvestigation({ actor, data, words: satchel.words, key, complaints });
      if ('refusal' in opened) throw Problem.refused(opened.refusal);
      await tellCases(deps, opened.state, cases, { actor, key });
      return { status: 201, body: await show.one(caller, opened.state), version: opened.version, location: `/v1/investigations/${opened.state.id}` };
    },
  });

  const list = declare({
    ...plain, method: 'get', path: '/v1/investigations', tag: 'investigations', access: readers, summary: 'List investigations', query: ListQuery,
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
 * The cases that an investigation starts with. Under a key they may be linked by the first try already, so that only a request
 * without one is refused for it.
 */
async function casesOf({ records }: Deps, ids: readonly string[], mayRepeat: boolean): Promise<CaseRow[]> {
  const found = await Promise.all(ids.map((id) => records.complaint(id)));
  const errors = ids.flatMap((id, i) => (found[i] ? [] : [{ path: `complaints.${i}`, message: `is no complaint: ${id}` }]));
  if (errors.length > 0) throw Problem.field(errors, 'unknown-code');
  const cases = found.filter((row) => row !== null);
  const taken = mayRepeat ? undefined : cases.find(({ state }) => state.closedAt !== null || state.investigation !== null);
  if (taken?.state.closedAt) throw Problem.refused(conflict('closed', `Complaint ${taken.state.id} is closed; leave it out.`).refusal);
  if (taken) throw Problem.refused(conflict('already-linked', `Complaint ${taken.state.id} belongs to an investigation already; leave it out.`).refusal);
  return cases;
}

/** Gives each case its `investigate`. One that is linked by an earlier try, or closed since, is left as it is. */
async function tellCases(
  { engine, vault }: Deps, opened: Investigation, cases: readonly CaseRow[], { actor, key }: { actor: Actor; key: IdempotencyKey | null },
): Promise<void> {
  for (const { state } of cases) {
    if (state.investigation !== null || state.closedAt !== null) continue;
    await engine.command<'investigate'>({
      subject: 'complaint', id: state.id, owner: state.customer, actor, name: 'investigate', data: { investigation: opened.id }, words: [],
      key: stepKey(key, state.id, vault.digest), ifMatch: null,
    }).catch((error: unknown) => {
      // the investigation is open by now: "nothing was done" would not be true
      throw error instanceof EngineAway ? new OutcomeUnknown(error.message) : error;
    });
  }
}
