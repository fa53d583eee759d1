import { randomUUID } from 'node:crypto';
import type { Actor } from '../domain/event.js';
import type { Open } from '../domain/investigation/command.js';
import { openInvestigation as decideOpening } from '../domain/investigation/open.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { Instant } from '../domain/time.js';
import type { Intent } from '../prisma/intents.js';
import { openInvestigation, planInvestigation, type NewInvestigation } from '../prisma/opening.js';
import { currentPolicy } from '../prisma/policies.js';
import type { InvestigationStart } from '../workflows/messages.js';
import { LEASE_MS, type Deps } from './deps.js';
import type { Done, IdempotencyKey, OpenInvestigationRequest, Opening, Outcome } from './engine.js';
import { investigationAt, sameBody } from './keyed.js';

/** Opens investigations: as with an intake, the first events are decided in the transaction and are the workflow's input. */
export function createInvestigations(deps: Deps, kick: (intents: Intent[]) => void) {
  return async function open({ actor, data, words, key, complaints }: OpenInvestigationRequest): Promise<Outcome<Done<Investigation>>> {
    const { database, clock } = deps;
    const opening = await planned(deps, actor, clock(), { id: randomUUID(), data, words }, { complaints, key });
    const taken = await openInvestigation(database, opening, LEASE_MS);
    if (!taken.taken) sameBody(taken.earlier, key);
    const intent = taken.taken ? taken.intent : taken.earlier;
    if (intent.state === 'open') kick([intent]);
    const version = intent.version ?? 1;
    return { version, state: await investigationAt(database, intent.subjectId, version), repeated: !taken.taken };
  };
}

/** An investigation as it will be written, with the depth of whys of the policy that holds now. */
export async function planned(
  { database, vault, sign }: Deps,
  actor: Actor,
  at: Instant,
  { id, data, words }: Opening,
  { complaints = [], key = null }: { complaints?: string[]; key?: IdempotencyKey | null } = {},
): Promise<NewInvestigation> {
  const { whys } = (await currentPolicy(database)).policy;
  const open: Open = { id: randomUUID(), name: 'open', at, ...actor, data: { investigation: id, ...data, whys } };
  const events = decideOpening(open, complaints);
  const input: InvestigationStart = { investigation: id, open, signature: sign(id, open), events };
  return planInvestigation(vault, {
    id,
    events,
    words,
    openedBy: actor.by,
    start: { id: open.id, keyDigest: key?.digest ?? null, bodyDigest: key?.body ?? null, input },
  });
}
