import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import pino from 'pino';
import type { Instruments } from '../../bin/instruments.js';
import { openParts, type Parts } from '../../bin/parts.js';
import { installRuntime } from '../../bin/runtime.js';
import { startWorker, type RunningWorker } from '../../bin/worker.js';
import type { Instant } from '../../domain/time.js';
import { createEngine } from '../../engine/create.js';
import type { Engine } from '../../engine/engine.js';
import { createSweeper } from '../../engine/sweeper.js';
import { createDriver, type Driver } from './driver.js';

/** All of Threefold but HTTP, in this process, on any database and any Temporal server, with a driver for its cases. */
export interface Stage extends Driver {
  parts: Parts;
  engine: Engine;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  databaseUrl: string;
  place: { address: string; namespace: string };
  /** what commands are dated by; the machine's own unless told */
  clock?: () => Instant;
  /** what watches it, and the bundle its worker runs with them */
  instruments?: Instruments;
}

/** Sets the stage; its worker is not started yet. */
export function openStage({ databaseUrl, place, clock, instruments = {} }: StageOptions): Stage {
  // before anything else uses the native part of the SDK, which is set up once
  installRuntime();
  const keys = { masterKey: randomBytes(32), commandKey: generateKeyPairSync('ed25519').privateKey };
  const opened = openParts({ databaseUrl, temporal: place, ...keys, bundle, instruments });
  const parts: Parts = clock ? { ...opened, clock } : opened;
  const sweeper = createSweeper(parts, { everyMs: null });
  const engine = createEngine(parts, sweeper);
  let worker: RunningWorker | null = null;
  async function stopWorker(): Promise<void> {
    await worker?.stop();
    worker = null;
  }
  return {
    ...createDriver(parts, engine),
    parts,
    engine,
    async startWorker() {
      worker ??= await startWorker(parts, place, pino({ level: 'silent' }), { sweepEveryMs: 300, archiveEveryMs: 300, instruments, bundle: instruments.bundle ?? bundle });
    },
    stopWorker,
    async close() {
      await stopWorker();
      await sweeper.stop();
      await opened.close();
    },
  };
}

const bundle = resolve('dist/workflows.bundle.js');
