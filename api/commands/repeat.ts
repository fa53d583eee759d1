import { randomUUID } from 'node:crypto';
import type { Bodies } from '../../domain/complaint/schema.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { Actor } from '../../domain/event.js';
import type { Instant } from '../../domain/time.js';
import type { Filed, IdempotencyKey, Outcome } from '../../engine/engine.js';
import { presenter } from '../complaints/show.js';
import type { Deps } from '../deps.js';
import { actorOf } from '../http/caller.js';
import { idempotencyKey, stepKey } from '../http/idempotency.js';
import type { Reply } from '../http/route.js';
import { Problem } from '../problem/problem.js';
import { allowed, type CommandCall } from './act.js';

/** A message after the close, as a new case of the same customer, under the same owner (spec: case, the gate). */
export function fileRepeat(
  { engine, vault }: Pick<Deps, 'engine' | 'vault'>, closed: Complaint, message: { text: string; receivedAt: Instant | null },
  { actor, key }: { actor: Actor; key: IdempotencyKey | null },
): Promise<Outcome<Filed>> {
  const { channel, customer, type, subtype, product, region, department, owner, ownerDepartment } = closed;
  const ref = randomUUID();
  return engine.intake({
    actor, customer: { id: customer }, policy: null, words: [{ ref, text: message.text }],
    key: stepKey(key, 'repeat', vault.digest),
    filing: {
      channel, text: ref, type, subtype, product, region, department, owner, ownerDepartment,
      tier: null, flags: {}, emotion: null, demand: null, receivedAt: message.receivedAt, repeatOf: closed.id,
    },
  });
}

/** `hear` on a closed case: 201 and the new one. */
export async function openRepeat(deps: Deps, call: CommandCall<Bodies['hear']>): Promise<Reply> {
  const { caller, request, subject, body } = call;
  const key = idempotencyKey(request, caller.sub, deps.vault.digest);
  const message = { text: body.text, receivedAt: body.receivedAt ?? null };
  const filed = await fileRepeat(deps, subject.state, message, { actor: actorOf(caller, allowed(call)), key });
  if ('refusal' in filed) throw Problem.refused(filed.refusal);
  return {
    status: 201, version: filed.version, location: `/v1/complaints/${filed.state.id}`,
    body: await presenter(deps).one(caller, filed.row, filed.state),
  };
}
