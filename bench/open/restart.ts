import { setTimeout as pause } from 'node:timers/promises';
import type { Setting } from '../setting.js';
import { cpuSecondsOf } from '../system/processTree.js';
import { someOpen } from './fill.js';

const WATCH_MS = 10_000;
const COMMANDS = 20;

export interface Restarted {
  /** from the kill until the new worker asks for work */
  seconds: number;
  /** processor seconds of the new worker from then on, over ten seconds in which nobody asks anything: a replay of all cases would show */
  cpuAfter: number;
  /** milliseconds of the first command, and of those after it, each on a case that the new worker has never seen */
  first: number;
  others: number[];
}

/** Kills the worker and looks at what the next one does, and how soon it answers. */
export async function measureRestart({ system, desk, pool }: Setting): Promise<Restarted> {
  const cases = await someOpen(pool, COMMANDS);
  const seconds = await system.restartWorker();
  const before = cpuSecondsOf(system.pids().worker);
  await pause(WATCH_MS);
  const cpuAfter = cpuSecondsOf(system.pids().worker) - before;
  const times: number[] = [];
  for (const id of cases) {
    const from = performance.now();
    await desk.command(id, { as: 'sue', path: 'note', body: { text: '重启后第一条。' } });
    times.push(performance.now() - from);
  }
  const [first = Number.NaN, ...others] = times;
  return { seconds, cpuAfter, first, others };
}
