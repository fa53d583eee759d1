import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { cpuSecondsOf } from './processTree.js';
import type { System } from './system.js';

const LOOK_MS = 250;
/** of one core: what an engine, a database and their pollers use while nobody asks anything */
const IDLE = 0.2;
const PATIENCE_MS = 120_000;

/** Waits until all that was taken has been done: no open intent, and no process at work. */
export async function quiet(system: System, pool: Pool): Promise<void> {
  const started = Date.now();
  while (Date.now() - started < PATIENCE_MS) {
    const before = cpuSecondsOf(Object.values(system.pids()).flat());
    await pause(LOOK_MS);
    const used = (cpuSecondsOf(Object.values(system.pids()).flat()) - before) / (LOOK_MS / 1000);
    if (used < IDLE && (await openIntents(pool)) === 0) break;
  }
}

/** Waits until no intent is open: every start and signal has reached the engine. */
export async function drained(pool: Pool): Promise<void> {
  while ((await openIntents(pool)) > 0) await pause(20);
}

async function openIntents(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ open: number }>(`SELECT count(*)::int AS open FROM intent WHERE state = 'open'`);
  return rows[0]?.open ?? 0;
}
