import { randomUUID } from 'node:crypto';
import type { ComplaintCommand } from '../domain/complaint/command.js';
import type { Actor } from '../domain/event.js';
import type { Open } from '../domain/investigation/command.js';
import { openInvestigation as decideOpening } from '../domain/investigation/open.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { Instant } from '../domain/time.js';
import { complaintsByIds, type ComplaintRow } from '../prisma/complaints.js';
import type { Intent, NewIntent } from '../prisma/intents.js';
import { answerOpening, openInvestigation, openLinks, planInvestigation, type NewInvestigation } from '../prisma/opening.js';
import { currentPolicy } from '../prisma/policies.js';
import type { InvestigationStart } from '../workflows/messages.js';
import { LEASE_MS, type Deps } from './deps.js';
import type { Done, IdempotencyKey, OpenInvestigationRequest, Opening, Outcome } from './engine.js';
import { finishShortly } from './finish.js';
import { investigationAt, sameBody } from './keyed.js';

/** Opens investigations: as with an intake, the first events are decided in the transaction and are the workflow's input. */
export function createInvestigations(deps: Deps, kick: (intents: Intent[]) => void) {
  return async function open({ actor, data, words, key, complaints }: OpenInvestigationRequest): Promise<Outcome<Done<Investigation>>> {
    const { database, clock } = deps;
    const cases = await complaintsByIds(database, complaints);
    const opening = await planned(deps, actor, clock(), { id: randomUUID(), data, words }, { cases, key });
    const taken = await openInvestigation(database, opening, LEASE_MS);
    if (!taken.taken) sameBody(taken.earlier, key);
    const intent = taken.taken ? taken.intent : taken.earlier;
    if (intent.state === 'open') kick([intent]);
    const version = intent.version ?? (await linked(deps, intent, complaints));
    return { version, state: await investigationAt(database, intent.subjectId, version), repeated: !taken.taken };
  };
}

/** An investigation as it will be written, with the depth of whys of the policy that holds now, and the links to its cases. */
export async function planned(
  { database, vault, sign }: Pick<Deps, 'database' | 'vault' | 'sign'>,
  actor: Actor,
  at: Instant,
  { id, data, words }: Opening,
  { cases = [], key = null }: { cases?: ComplaintRow[]; key?: IdempotencyKey | null } = {},
): Promise<NewInvestigation> {
  const { whys } = (await currentPolicy(database)).policy;
  const open: Open = { id: randomUUID(), name: 'open', at, ...actor, data: { investigation: id, ...data, whys } };
  const events = decideOpening(open);
  const input: InvestigationStart = { investigation: id, open, signature: sign(id, open), events };
  return planInvestigation(vault, {
    id,
    events,
    words,
    openedBy: actor.by,
    start: { id: open.id, keyDigest: key?.digest ?? null, bodyDigest: key?.body ?? null, input },
    links: cases.map((row) => linkOf(row)),
  });

  /** The case's own command; `linked` follows from what it answers. */
  function linkOf({ id: complaint, head }: ComplaintRow): NewIntent {
    const command: ComplaintCommand<'investigate'> = { id: randomUUID(), name: 'investigate', at, ...actor, data: { investigation: id } };
    const sent = { command, head, ifMatch: null, signature: sign(complaint, command) };
    const subject = { subject: 'complaint' as const, subjectId: complaint };
    return { id: command.id, kind: 'command', ...subject, name: command.name, caller: actor.by, keyDigest: null, bodyDigest: null, sent };
  }
}

/** Waits shortly for the links, and answers the version that the investigation then has; a repeated request answers the same. */
async function linked(deps: Deps, start: Intent, complaints: string[]): Promise<number> {
  const { database, temporal } = deps;
  if (!temporal.isAway()) await finishShortly(deps, await openLinks(database, start.subjectId, complaints), WAIT_MS);
  return answerOpening(database, start.id);
}

/** What takes longer goes on by itself. */
const WAIT_MS = 2000;
