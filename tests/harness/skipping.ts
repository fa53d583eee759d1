import pino from 'pino';
import { openParts, type Parts } from '../../bin/parts.js';
import { installRuntime } from '../../bin/runtime.js';
import { startWorker, type RunningWorker } from '../../bin/worker.js';
import { instant, millis, type Instant } from '../../domain/time.js';
import { createEngine } from '../../engine/create.js';
import type { Engine } from '../../engine/engine.js';
import { createSweeper } from '../../engine/sweeper.js';
import { complaintById } from '../../prisma/complaints.js';
import { freshDatabase } from './database.js';
import { createDriver, type Driver } from './driver.js';
import { bundle, testKeys } from './system.js';
import { timeSkipping } from './timeSkipping.js';
import { until } from './until.js';

/** The whole of Threefold but HTTP on an engine whose time is skipped; one per test file. */
export interface Skipping extends Driver {
  parts: Parts;
  engine: Engine;
  now(): Instant;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  /** lets time pass to this instant, with all that fires on the way, and waits until what a case did is recorded */
  passTo(at: Instant, ...cases: string[]): Promise<void>;
  /** as if written at this instant, which may lie a moment back: a command on its way */
  writtenAt<T>(at: Instant, act: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export async function startSkipping(): Promise<Skipping> {
  // before anything else uses the native part of the SDK, which can be set up once
  installRuntime(null);
  const env = await timeSkipping();
  const place = { address: env.address, namespace: env.namespace ?? 'default' };
  const opened = openParts({ databaseUrl: await freshDatabase(), temporal: place, ...testKeys, bundle });
  let ahead = (await env.currentTimeMs()) - Date.now();
  let written: Instant | null = null;
  const now = () => instant(Date.now() + ahead);
  const parts: Parts = { ...opened, clock: () => written ?? now() };
  const sweeper = createSweeper(parts, { everyMs: null });
  const engine = createEngine(parts, sweeper);
  let worker: RunningWorker | null = null;
  const skipping: Skipping = {
    ...createDriver(parts, engine),
    parts,
    engine,
    now,
    async startWorker() {
      worker ??= await startWorker(parts, place, pino({ level: 'silent' }), { sweepEveryMs: 300, archiveEveryMs: 300, bundle });
    },
    async stopWorker() {
      await worker?.stop();
      worker = null;
    },
    async passTo(at, ...cases) {
      await env.sleep(Math.max(1, millis(at) - (await env.currentTimeMs())));
      ahead = (await env.currentTimeMs()) - Date.now();
      for (const id of cases) await until(() => isRecorded(parts, id), `the record of ${id}`);
    },
    async writtenAt(at, act) {
      written = at;
      try {
        return await act();
      } finally {
        written = null;
      }
    },
    async stop() {
      await skipping.stopWorker();
      await sweeper.stop();
      await opened.close();
      await env.teardown();
    },
  };
  await skipping.startWorker();
  return skipping;
}

/** Whether the record holds what the workflow holds. */
async function isRecorded({ database, temporal }: Parts, id: string): Promise<boolean> {
  const [there, row] = [await temporal.query(id), await complaintById(database, id)];
  return there !== null && there.version === row?.head;
}
