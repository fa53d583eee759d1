import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../prisma/database.js';
import { takeDuty } from '../prisma/duties.js';
import { isLiving, livingCases, withoutRow } from '../prisma/living.js';
import type { Subject } from '../prisma/subject.js';
import type { Temporal } from './temporal.js';
import type { Visibility } from './visibility.js';

/** What should be together and is not. */
export type Orphan =
  /** a case that lives in the record, and no workflow of it runs; `status` is what the engine says it came to, null when it knows none */
  | { kind: 'case'; subject: Subject; id: string; status: string | null }
  /** a workflow that runs, and the record has no such case */
  | { kind: 'workflow'; subject: Subject; id: string };

export type OrphanCounts = Record<Orphan['kind'], number>;

export interface Reconciling {
  database: Database;
  temporal: Pick<Temporal, 'statusOf'>;
  visibility: Visibility;
  /**
   * makes the record whole from the history. One that has completed and yet lives in the record has lost its end there (a database
   * that was restored), and is no orphan once that is back
   */
  mend?: ((subject: Subject, id: string) => Promise<void>) | undefined;
}

export interface Bounds {
  /** cases that are looked at with one question to the engine */
  pageSize?: number | undefined;
  /** pause between such questions: the rate */
  betweenMs?: number | undefined;
  /** a start is left alone for so long */
  settledMs?: number | undefined;
  /** asked after each question to the engine; once it says no, nothing more is gone through */
  goesOn?: (() => Promise<boolean>) | undefined;
  /** ends the pauses */
  signal?: AbortSignal | undefined;
}

const subjects = ['complaint', 'investigation'] as const;

/**
 * Goes once through all that lives. 100,000 cases are 500 questions of 200 ids to the engine's list, and 100 of its pages: with the
 * pause that is three minutes of very little work. Only what the list misses is asked for by name.
 */
export async function* reconcile(deps: Reconciling, bounds: Bounds = {}): AsyncGenerator<Orphan> {
  const { pageSize = 200, betweenMs = 250, settledMs = 60_000, goesOn = () => Promise.resolve(true), signal } = bounds;
  const next = async (): Promise<boolean> => {
    await wait(betweenMs, undefined, { signal }).catch(() => undefined);
    return !signal?.aborted && goesOn();
  };
  for (const subject of subjects) {
    for (let after: string | null = null; ; ) {
      const ids: string[] = await livingCases(deps.database, subject, { after, limit: pageSize, settledMs });
      yield* casesWithout(deps, subject, ids);
      if (ids.length < pageSize) break;
      after = ids.at(-1) ?? null;
      if (!(await next())) return;
    }
    for await (const ids of deps.visibility.pages(subject, LISTED)) {
      for (const id of await withoutRow(deps.database, subject, ids)) yield { kind: 'workflow', subject, id };
      if (!(await next())) return;
    }
  }
}

const LISTED = 1000;

async function* casesWithout(deps: Reconciling, subject: Subject, ids: string[]): AsyncGenerator<Orphan> {
  const { database, temporal, visibility, mend } = deps;
  const running = await visibility.running(subject, ids);
  for (const id of ids.filter((one) => !running.has(one))) {
    const status = await temporal.statusOf(subject, id);
    // it may have closed since it was read, or go on in another run
    if (status === 'RUNNING' || !(await isLiving(database, subject, id))) continue;
    if (status === 'COMPLETED') await mend?.(subject, id);
    if (await isLiving(database, subject, id)) yield { kind: 'case', subject, id, status };
  }
}

export interface Reconciler {
  stop(): Promise<void>;
}

export interface ReconcilerOptions extends Omit<Bounds, 'goesOn' | 'signal'> {
  /** how often all is gone through, by one worker for all of them */
  everyMs: number;
  onOrphan(orphan: Orphan): void;
  /** how many of each kind there were, when all has been gone through */
  onOrphans(counts: OrphanCounts): void;
  onFailure(error: unknown): void;
}

/** Goes through all that lives again and again, as long as no other worker does. */
export function startReconciler(deps: Reconciling, { everyMs, onOrphan, onOrphans, onFailure, ...bounds }: ReconcilerOptions): Reconciler {
  const holder = randomUUID();
  const stopped = new AbortController();
  const isStopped = (): boolean => stopped.signal.aborted;
  // renewed on the way, however many cases there are; whoever has gone through keeps it until the next time, and nobody does it between
  const mine = () => takeDuty(deps.database, 'reconcile', holder, everyMs);

  async function once(): Promise<void> {
    if (!(await mine())) return;
    const counts: OrphanCounts = { case: 0, workflow: 0 };
    for await (const orphan of reconcile(deps, { ...bounds, goesOn: mine, signal: stopped.signal })) {
      if (isStopped()) return;
      counts[orphan.kind] += 1;
      onOrphan(orphan);
    }
    if (!isStopped() && (await mine())) onOrphans(counts);
  }

  async function run(): Promise<void> {
    while (!isStopped()) {
      await once().catch(onFailure);
      await wait(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
