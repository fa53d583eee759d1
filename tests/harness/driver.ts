import { randomUUID } from 'node:crypto';
import type { Parts } from '../../bin/parts.js';
import type { CommandName, ComplaintCommands } from '../../domain/complaint/command.js';
import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { Actor } from '../../domain/event.js';
import type { InvestigationCommandName, InvestigationCommands } from '../../domain/investigation/command.js';
import type { InvestigationEvent } from '../../domain/investigation/event.js';
import type { Investigation } from '../../domain/investigation/state.js';
import { createEngine } from '../../engine/create.js';
import type { ComplaintRequest, Engine, IntakeRequest, InvestigationRequest, Outcome } from '../../engine/engine.js';
import { eventsUpTo } from '../../prisma/events.js';
import { liveState } from './live.js';
import { until } from './until.js';

/** Drives cases as the API does, without HTTP; what is refused is thrown with its code. */
export interface Driver {
  /** answers once the workflow runs */
  file(actor: Actor, filing?: Partial<IntakeRequest['filing']> & { policy?: string }): Promise<Complaint>;
  /** as `file`, and does not wait for its workflow to start */
  filed(actor: Actor, filing?: Partial<IntakeRequest['filing']> & { policy?: string }): Promise<Complaint>;
  command<N extends CommandName>(id: string, actor: Actor, name: N, data: ComplaintCommands[N]): Promise<Complaint>;
  /** the signal; answers once it is decided and recorded */
  escalate(id: string, actor: Actor, to?: number | null): Promise<void>;
  /** opens an investigation; answers once its workflow runs */
  open(actor: Actor, complaints?: string[]): Promise<string>;
  /** links a case to an investigation; answers once both know */
  link(id: string, investigation: string, actor: Actor): Promise<void>;
  investigate<N extends InvestigationCommandName>(id: string, actor: Actor, name: N, data: InvestigationCommands[N]): Promise<Investigation>;
  events(id: string): Promise<ComplaintEvent[]>;
  findings(investigation: string): Promise<InvestigationEvent[]>;
  /** waits until an event of this type is recorded, so many times */
  recorded(id: string, type: ComplaintEvent['type'] | InvestigationEvent['type'], times?: number, ms?: number): Promise<void>;
  /** waits until the run of a closed case has ended */
  ended(id: string): Promise<void>;
}

/** Words of a test are placeholders: a random reference, and a text of that name in the vault. */
export function word(): string {
  return randomUUID();
}

export function createDriver(parts: Parts, engine: Engine): Driver {
  const { database, temporal } = parts;
  const driver: Driver = {
    async file(actor, filing) {
      const state = await driver.filed(actor, filing);
      await until(() => liveState(parts, state.id), 'the start of the case');
      return state;
    },
    async filed(actor, { policy, ...filing } = {}) {
      const text = word();
      const { state } = accepted(await engine.intake({
        actor, key: null, words: wordsIn(text), customer: { key: randomUUID() }, policy: policy === undefined ? null : { name: policy, version: null },
        filing: { ...nothingKnown, text, ...filing },
      }));
      return state;
    },
    async command(id, actor, name, data) {
      const { customer: owner } = await database.client.complaint.findUniqueOrThrow({ where: { id } });
      const request = { subject: 'complaint', id, actor, name, data, words: wordsIn(data), owner, key: null, ifMatch: null };
      return accepted(await engine.command(request as ComplaintRequest<typeof name>)).state;
    },
    async escalate(id, actor, to = null) {
      const { customer: owner } = await database.client.complaint.findUniqueOrThrow({ where: { id } });
      const reason = word();
      const { id: intent } = accepted(await engine.escalate({ id, actor, data: { reason, to }, words: wordsIn(reason), owner, key: null }));
      await until(async () => (await driver.events(id)).some(({ command }) => command === intent), 'the escalation');
    },
    async open(actor, complaints = []) {
      const title = word();
      const { state } = accepted(await engine.openInvestigation({ actor, key: null, words: wordsIn(title), data: { title, type: null }, complaints }));
      const started = { where: { subject_id: state.id, kind: 'start', state: 'done' } };
      await until(async () => (await database.client.intent.count(started)) === 1, 'the start of the investigation');
      return state.id;
    },
    async link(id, investigation, actor) {
      await driver.command(id, actor, 'investigate', { investigation });
      await until(async () => (await driver.findings(investigation)).some((event) => event.type === 'linked' && event.data.complaint === id), 'the link');
    },
    async investigate(id, actor, name, data) {
      const request = { subject: 'investigation', id, actor, name, data, words: wordsIn(data), owner: id, key: null, ifMatch: null };
      return accepted(await engine.command(request as InvestigationRequest<typeof name>)).state;
    },
    events: (id) => eventsUpTo(database, 'complaint', id),
    findings: (id) => eventsUpTo(database, 'investigation', id),
    async recorded(id, type, times = 1, ms = 20_000) {
      const count = async () => [...(await driver.events(id)), ...(await driver.findings(id))].filter((event) => event.type === type).length;
      await until(async () => (await count()) >= times, `${type} in ${id}`, ms);
    },
    async ended(id) {
      await until(() => temporal.hasEnded('complaint', id), `the end of ${id}`);
    },
  };
  return driver;
}

/** Files a complaint that nobody starts: it is left to who finds it. Answers its id. */
export async function takenIn(parts: Parts, actor: Actor): Promise<string> {
  const text = word();
  const { state } = accepted(await createEngine(parts, { kick: () => undefined }).intake({
    actor, key: null, words: [{ ref: text, text: 'broken' }], customer: { key: randomUUID() }, policy: null, filing: { ...nothingKnown, text },
  }));
  return state.id;
}

export const nothingKnown: Omit<IntakeRequest['filing'], 'text'> = {
  channel: 'web', type: null, subtype: null, product: null, region: null, department: null, tier: null, flags: {}, emotion: null, demand: null,
  receivedAt: null, repeatOf: null, owner: null, ownerDepartment: null,
};

function accepted<T>(outcome: Outcome<T>): T {
  if (typeof outcome === 'object' && outcome !== null && 'refusal' in outcome) throw new Error(outcome.refusal.code);
  return outcome;
}

/** Every reference in a body gets a text of its own in the vault. An investigation is no words. */
function wordsIn(data: unknown): { ref: string; text: string }[] {
  const refs = JSON.stringify(data, (key, value: unknown) => (key === 'investigation' ? null : value)).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
  return [...new Set(refs)].map((ref) => ({ ref, text: `words ${ref}` }));
}
