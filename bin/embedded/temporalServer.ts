import { spawn, type ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { failed } from '../exit.js';
import { appendTo, tailOf } from './logs.js';

const READY_MS = 90_000;

export interface TemporalOptions {
  executable: string;
  port: number;
  /** port of Temporal's web UI, or null for none */
  uiPort: number | null;
  /** SQLite file, or null to keep nothing */
  file: string | null;
  log: string;
}

/** Starts Temporal's dev server on loopback, in a process group of its own. */
export function launchTemporal(options: TemporalOptions): ChildProcess {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--log-level', 'warn', '--log-format', 'json'];
  args.push(...(options.uiPort === null ? ['--headless'] : ['--ui-port', String(options.uiPort)]));
  // The two pragmas double its throughput and lose nothing.
  if (options.file !== null) args.push('--db-filename', options.file, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=full');
  const output = appendTo(options.log);
  try {
    // A clean environment and home: TEMPORAL_… variables and the user's Temporal profile are options to it too.
    const env = { PATH: '/usr/bin:/bin', HOME: dirname(options.log), TZ: 'UTC' };
    return spawn(options.executable, args, { env, stdio: ['ignore', output.fd, output.fd], detached: true });
  } finally {
    output.close();
  }
}

/** Waits until the server answers. Throws `Exit` 1 when it does not within a minute and a half, or `ended` says that it has ended. */
export async function temporalReady(address: string, log: string, ended: () => boolean = () => false): Promise<Connection> {
  const until = Date.now() + READY_MS;
  for (;;) {
    try {
      return await Connection.connect({ address, connectTimeout: 1000 });
    } catch {
      if (ended() || Date.now() > until) throw failed(`The Temporal server does not start: ${tailOf(log)} (${log})`);
      await pause(50);
    }
  }
}

/** A poll lasts a minute at most; the server remembers who asked for five. */
const ASKED_LATELY_MS = 120_000;

/** Whether a worker asks for the workflow tasks of a queue: only then is a command answered. */
export async function isPolled(connection: Connection, namespace: string, taskQueue: string): Promise<boolean> {
  try {
    // Without a type it is the workflow tasks that are described.
    const { pollers } = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue } });
    return pollers.some(({ lastAccessTime }) => lastAccessTime && Date.now() - tsToMs(lastAccessTime) < ASKED_LATELY_MS);
  } catch {
    return false;
  }
}
