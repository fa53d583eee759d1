import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { TASK_QUEUE } from '../../engine/ids.js';
import { launch, stopChild } from './child.js';

/** Worker processes (`threefold worker`) of one system. */
export interface Workers {
  pids(): number[];
  /** starts or stops as many as it takes; waits until they ask for work */
  scale(count: number): Promise<void>;
  /** kills the first and starts another in its place; answers when that asks for work */
  replace(): Promise<void>;
  /** waits until a worker that was started just now asks for work */
  polled(): Promise<void>;
}

/** the engine learns of each poller with a delay */
const SETTLED_MS = 3000;

export function createWorkers(environment: Record<string, string>, dataDir: string): Workers {
  const running: ChildProcess[] = [];
  const start = (n: number) => launch(['worker'], environment, join(dataDir, `worker-${n}.log`));
  const polled = () => asked(environment['TEMPORAL_ADDRESS'] ?? '', environment['TEMPORAL_NAMESPACE'] ?? '');
  return {
    pids: () => running.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    polled,
    async scale(count) {
      if (count === running.length) return;
      while (running.length > count) {
        const last = running.pop();
        if (last) await stopChild(last);
      }
      const missing = count - running.length;
      for (let n = 0; n < missing; n += 1) running.push(start(running.length + 1));
      if (missing > 0) await polled();
      await pause(SETTLED_MS);
    },
    async replace() {
      const first = running.shift();
      if (first) {
        const ended = new Promise((resolve) => first.once('exit', resolve));
        first.kill('SIGKILL');
        await ended;
      }
      running.unshift(start(1));
      await polled();
    },
  };
}

/** A poller that died is remembered for minutes: only one that asks after we began to look is alive. */
async function asked(address: string, namespace: string): Promise<void> {
  const since = Date.now();
  const connection = await Connection.connect({ address });
  try {
    for (;;) {
      const { pollers } = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: TASK_QUEUE } });
      if (pollers.some(({ lastAccessTime }) => millisOf(lastAccessTime) >= since)) return;
      await pause(50);
    }
  } finally {
    await connection.close();
  }
}

function millisOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
