import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import pino from 'pino';
import { openParts, type Parts } from '../../bin/parts.js';
import { installRuntime } from '../../bin/runtime.js';
import { startWorker, type RunningWorker } from '../../bin/worker.js';
import type { CommandName, ComplaintCommands, Filing } from '../../domain/complaint/command.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { Actor } from '../../domain/event.js';
import type { InvestigationCommandName, InvestigationCommands } from '../../domain/investigation/command.js';
import type { Investigation } from '../../domain/investigation/state.js';
import { createEngine } from '../../engine/create.js';
import type { ComplaintRequest, Engine, IntakeRequest, InvestigationRequest } from '../../engine/engine.js';
import { createSweeper } from '../../engine/sweeper.js';
import { freshDatabase } from './database.js';
import { freshNamespace, type Place } from './temporal.js';

/** All of Threefold but HTTP, in this process, on a database and namespace of its own. */
export interface System {
  parts: Parts;
  engine: Engine;
  databaseUrl: string;
  place: Place;
  /** the statements that reached the database, in order */
  statements: string[];
  file(actor: Actor, filing?: Partial<Filing> & { policy?: IntakeRequest['policy'] }): Promise<Complaint>;
  /** commands a complaint; throws what it is refused with */
  command<N extends CommandName>(id: string, actor: Actor, name: N, data: ComplaintCommands[N]): Promise<Complaint>;
  investigate<N extends InvestigationCommandName>(
    id: string,
    actor: Actor,
    name: N,
    data: InvestigationCommands[N],
  ): Promise<Investigation>;
  startWorker(): Promise<RunningWorker>;
  stop(): Promise<void>;
}

export const bundle = resolve('dist/workflows.bundle.js');

export const testKeys = { masterKey: randomBytes(32), commandKey: generateKeyPairSync('ed25519').privateKey };

/** Words of a test are placeholders: a random reference, and a text of that name in the vault. */
export function word(): string {
  return randomUUID();
}

export async function startSystem({ worker = true, database = null }: { worker?: boolean; database?: string | null } = {}): Promise<System> {
  installRuntime();
  const databaseUrl = database ?? (await freshDatabase());
  const place = await freshNamespace();
  const statements: string[] = [];
  const parts = openParts({ databaseUrl, temporal: place, ...testKeys, bundle, database: { onStatement: (sql) => statements.push(sql) } });
  const sweeper = createSweeper(parts, { everyMs: null });
  const engine = createEngine(parts, sweeper);
  const workers: RunningWorker[] = [];
  const system: System = {
    parts,
    engine,
    databaseUrl,
    place,
    statements,
    async file(actor, { policy = null, ...filing } = {}) {
      const text = word();
      const outcome = await engine.intake({
        actor,
        key: null,
        words: [{ ref: text, text: 'the parcel was broken' }],
        customer: { key: `C-${randomUUID()}` },
        policy,
        filing: {
          channel: 'phone',
          text,
          type: null,
          subtype: null,
          product: null,
          region: null,
          department: null,
          tier: null,
          flags: {},
          emotion: null,
          demand: null,
          receivedAt: null,
          repeatOf: null,
          owner: null,
          ownerDepartment: null,
          ...filing,
        },
      });
      if ('refusal' in outcome) throw new Error(outcome.refusal.code);
      return outcome.state;
    },
    async command(id, actor, name, data) {
      const row = await parts.database.client.complaint.findUniqueOrThrow({ where: { id } });
      const outcome = await engine.command({
        subject: 'complaint',
        id,
        actor,
        name,
        data,
        words: wordsIn(data),
        owner: row.customer,
        key: null,
        ifMatch: null,
      } as ComplaintRequest<typeof name>);
      if ('refusal' in outcome) throw new Error(outcome.refusal.code);
      return outcome.state;
    },
    async investigate(id, actor, name, data) {
      const outcome = await engine.command({
        subject: 'investigation',
        id,
        actor,
        name,
        data,
        words: wordsIn(data),
        owner: id,
        key: null,
        ifMatch: null,
      } as InvestigationRequest<typeof name>);
      if ('refusal' in outcome) throw new Error(outcome.refusal.code);
      return outcome.state;
    },
    async startWorker() {
      const running = await startWorker(parts, place, pino({ level: 'silent' }), { sweepEveryMs: 300, archiveEveryMs: 300, bundle });
      workers.push(running);
      return running;
    },
    async stop() {
      await Promise.all(workers.map((one) => one.stop()));
      await sweeper.stop();
      await parts.close();
    },
  };
  if (worker) await system.startWorker();
  return system;
}

/** Every reference in a body gets a text of its own in the vault. */
function wordsIn(data: unknown): { ref: string; text: string }[] {
  const refs = JSON.stringify(data).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
  return [...new Set(refs)].map((ref) => ({ ref, text: `words ${ref}` }));
}

export { until } from './until.js';
