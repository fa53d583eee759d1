import { escalators } from '../../domain/complaint/roles.js';
import { Escalation } from '../../domain/complaint/schema.js';
import { conflict } from '../../domain/refusal.js';
import { allowed } from '../commands/act.js';
import { openSatchel } from '../commands/satchel.js';
import { finder } from '../complaints/find.js';
import type { Deps } from '../deps.js';
import { actorOf, entitledRole } from '../http/caller.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';

/** What was asked for. Whether it raised the case, the case's `escalations` and its timeline tell. */
const Asked = z.strictObject({
  id: z.string(), complaint: z.string(), at: z.iso.datetime({ precision: 3 }), by: z.string(), to: z.int().nullable().describe('null: one rung up'), reason: z.string(),
}).openapi('EscalationAsked');

/** The signal that is taken in any state of a living case (L1.14; spec: case, escalation). */
export function escalationRoutes(deps: Deps): Route[] {
  const { engine, vault } = deps;
  return [declare({
    ...plain, method: 'post', path: '/v1/complaints/{id}/escalations', tag: 'escalations', access: escalators, summary: 'Escalate; the owner may raise to 1',
    params: z.object({ id: z.uuid() }), body: Escalation,
    answers: { 202: { description: 'Taken', schema: Asked } },
    find: finder(deps),
    entitles: (caller, { state }) => (state.owner === caller.sub ? entitledRole(caller) : null),
    act: async (call) => {
      const { caller, subject: { state }, body, request } = call;
      const role = allowed(call);
      const key = idempotencyKey(request, caller.sub, vault.digest);
      const isOurs = role === 'supervisor' || state.owner === caller.sub;
      // what was taken before is answered as it was then
      if (!isOurs && !(key && (await deps.records.isUsed(key)))) {
        throw Problem.refused(conflict('not-yours', 'Only a supervisor escalates any case; the owner may raise theirs to rung 1.').refusal);
      }
      const to = body.to ?? null;
      const satchel = openSatchel(await deps.records.lists(), new Map());
      const taken = await engine.escalate({
        id: state.id, owner: state.customer, actor: actorOf(caller, role),
        data: { reason: satchel.put(body.reason), to }, words: satchel.words,
        key,
      });
      if ('refusal' in taken) throw Problem.refused(taken.refusal);
      return { status: 202, body: { id: taken.id, complaint: state.id, at: taken.at, by: caller.sub, to, reason: body.reason } };
    },
  })];
}
