import type { Logger } from 'pino';
import { startArchive } from '../audit/archive.js';
import type { Transports } from '../deliveries/open.js';
import { startDispatcher } from '../engine/dispatcher.js';
import { workflowId } from '../engine/ids.js';
import { startMigrations } from '../engine/policyMigrations.js';
import { createQueue } from '../engine/queue.js';
import { startReconciler } from '../engine/reconciler.js';
import { createSweeper } from '../engine/sweeper.js';
import type { Intent } from '../prisma/intents.js';
import type { Instruments } from './instruments.js';
import { reconcilingOf, type Parts } from './parts.js';

/** Work that goes on by itself until it is stopped; `stop` takes no more and waits for what is under way. */
export interface Background {
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  /** how often open intents are looked for */
  sweepEveryMs?: number | undefined;
  /** how fast a backlog of starts is begun at most */
  startsPerSecond?: number | undefined;
  /** how often histories to be stored are looked for */
  archiveEveryMs?: number | undefined;
  /** how often it is compared what lives in the record and what runs in the engine; by one worker for all */
  reconcileEveryMs?: number | undefined;
  /** how what is in the outbox leaves; null: it waits */
  transports?: Transports | null | undefined;
  instruments?: Pick<Instruments, 'onDelivered' | 'onOrphans'> | undefined;
}

/**
 * What a worker does beside the engine's tasks: open intents are finished, histories of ended cases stored, deliveries sent, and what
 * lives is compared with what runs.
 */
export function startBackground(parts: Parts, log: Logger, options: BackgroundOptions = {}): Background {
  const { sweepEveryMs = 1000, startsPerSecond, archiveEveryMs = 2000, reconcileEveryMs = 300_000 } = options;
  const { transports = null, instruments = {} } = options;
  const failed = (what: string) => (about: unknown, error: unknown) => {
    log.warn({ about, error: nameOf(error) }, what);
  };
  const all: Background[] = [
    createSweeper(parts, {
      everyMs: sweepEveryMs,
      startsPerSecond,
      queue: createQueue(parts.client),
      onFailure: (intent, error) => { log.warn({ ...idsOf(intent), error: nameOf(error) }, 'intent left open'); },
    }),
    startArchive({ ...parts, everyMs: archiveEveryMs, onFailure: failed('history not stored yet') }),
    startMigrations({ database: parts.database, everyMs: sweepEveryMs, onFailure: (error) => { failed('cases not asked to migrate yet')(null, error); } }),
    startReconciler(reconcilingOf(parts), {
      everyMs: reconcileEveryMs,
      onOrphan: (orphan) => { log.error(orphan, orphan.kind === 'case' ? 'case without a workflow' : 'workflow without a case'); },
      onOrphans: (counts) => instruments.onOrphans?.(counts),
      onFailure: (error) => { failed('not compared with the engine')(null, error); },
    }),
  ];
  if (transports) all.push(startDispatcher({ ...transports, database: parts.database, onDelivered: instruments.onDelivered, onFailure: failed('not delivered yet') }));
  return {
    async stop() {
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}

/** What a line about an intent is found by. */
export function idsOf(intent: Intent | null): Record<string, string> {
  if (intent === null) return {};
  const { id, name, subject, subjectId } = intent;
  return { intent: id, command: name, subject: subjectId, workflowId: workflowId(subject, subjectId) };
}

/** What may stand in a log: the kind of an error, never its text, which may quote words. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}${error.cause instanceof Error ? ` (${error.cause.name})` : ''}` : 'unknown';
}
