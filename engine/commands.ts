import { randomUUID } from 'node:crypto';
import type { Escalate } from '../domain/complaint/command.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { Refusal } from '../domain/refusal.js';
import type { Standing } from '../prisma/cases.js';
import { complaintById } from '../prisma/complaints.js';
import { intentByKey, takeIntent, type Intent } from '../prisma/intents.js';
import { investigationById } from '../prisma/investigations.js';
import type { StateOf, Subject } from '../prisma/subject.js';
import { LEASE_MS, type Deps } from './deps.js';
import type { ComplaintRequest, Done, EscalateRequest, IdempotencyKey, InvestigationRequest, Outcome } from './engine.js';
import { EngineAway } from './failure.js';
import { finishCommand, finishSignal } from './finish.js';
import { planned } from './investigations.js';
import { complaintAt, investigationAt, sameBody } from './keyed.js';

type Kick = (intents: Intent[]) => void;

/** A command on a complaint or investigation, in three steps: intent, engine, outcome (docs/architecture.md). */
export function createCommands(deps: Deps, kick: Kick) {
  const { database, vault, sign, clock } = deps;

  async function taken(request: ComplaintRequest | InvestigationRequest, head: number) {
    const { subject, id, actor, name, data, words, owner, key, ifMatch } = request;
    const command = { id: randomUUID(), name, at: clock(), data, ...actor };
    const opens = 'opens' in request && request.opens ? await planned(deps, actor, command.at, request.opens) : null;
    return takeIntent(database, {
      intent: {
        id: command.id,
        kind: 'command',
        subject,
        subjectId: id,
        name,
        caller: actor.by,
        keyDigest: key?.digest ?? null,
        bodyDigest: key?.body ?? null,
        sent: { command, head, ifMatch, signature: sign(id, command) },
      },
      words: await vault.seal(owner, words),
      opens,
      leaseMs: LEASE_MS,
    });
  }

  async function run<S extends Subject>(
    subject: S,
    request: ComplaintRequest | InvestigationRequest,
    seen: Standing<S> | null,
    at: (id: string, version: number) => Promise<StateOf<S>>,
  ): Promise<{ refusal: Refusal } | (Done<StateOf<S>> & { raised: Intent[] })> {
    await awake(request.key);
    const head = seen?.head ?? 0;
    const intent = await taken(request, head);
    if (!intent.taken) sameBody(intent.earlier, request.key);
    const known = intent.taken ? intent.intent : intent.earlier;
    if (!intent.taken && known.state === 'done') {
      const version = known.version ?? head;
      return { version, state: await at(request.id, version), repeated: true, raised: [] };
    }
    // one that is still open is finished here too: the engine does it once, whoever asks
    const finishing = finishCommand(deps, subject, known, seen);
    // after what is still to be done to send it
    if ('meanwhile' in request && request.meanwhile) setImmediate(request.meanwhile);
    const finished = await finishing;
    if ('refusal' in finished) return finished;
    // others may have been recorded since: the answer is the case as this command left it, as a repeat is told it
    const state = finished.state.version === finished.version ? finished.state : await at(request.id, finished.version);
    return { version: finished.version, state, repeated: !intent.taken, raised: finished.raised };
  }

  /** While the engine is away nothing is written down that it would have to be asked; what was done before is answered all the same. */
  async function awake(key: IdempotencyKey | null): Promise<void> {
    if (!deps.temporal.isAway()) return;
    const earlier = key === null ? null : await intentByKey(database, key.digest);
    if (earlier === null) throw new EngineAway('The engine could not be reached just now.');
  }

  function told<State>(outcome: { refusal: Refusal } | (Done<State> & { raised: Intent[] })): Outcome<Done<State>> {
    if ('refusal' in outcome) return outcome;
    const { raised, ...done } = outcome;
    kick(raised);
    return done;
  }

  return {
    async complaint(request: ComplaintRequest): Promise<Outcome<Done<Complaint>>> {
      const seen = request.seen ?? (await complaintById(database, request.id));
      return told(await run('complaint', request, seen, (id, version) => complaintAt(database, id, version)));
    },

    async investigation(request: InvestigationRequest): Promise<Outcome<Done<Investigation>>> {
      const seen = await investigationById(database, request.id);
      return told(await run('investigation', request, seen, (id, version) => investigationAt(database, id, version)));
    },

    /** The signal, taken in any state of a living case. */
    async escalate({
      id,
      actor,
      data,
      words,
      owner,
      key,
    }: EscalateRequest): Promise<Outcome<{ id: string; at: string; repeated: boolean }>> {
      await awake(key);
      const command = { id: randomUUID(), name: 'escalate' as const, at: clock(), data, ...actor };
      const intent = await takeIntent(database, {
        intent: {
          id: command.id,
          kind: 'signal',
          subject: 'complaint',
          subjectId: id,
          name: 'escalate',
          caller: actor.by,
          keyDigest: key?.digest ?? null,
          bodyDigest: key?.body ?? null,
          sent: { command, signature: sign(id, command) },
        },
        words: await vault.seal(owner, words),
        leaseMs: LEASE_MS,
      });
      if (!intent.taken) sameBody(intent.earlier, key);
      const known = intent.taken ? intent.intent : intent.earlier;
      const refused = known.state === 'done' ? null : await finishSignal(deps, known);
      // as the escalation itself will say, whatever the database's clock is
      const { command: asked } = known.sent as { command: Escalate };
      return refused ?? { id: known.id, at: asked.at, repeated: !intent.taken };
    },
  };
}
