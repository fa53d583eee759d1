import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { end, identityOf, isAlive, type Identity } from '../../bin/embedded/identity.js';
import { appendTo, tailOf } from '../../bin/embedded/logs.js';
import { freePort } from '../../bin/embedded/ports.js';
import { ensureKeys } from '../../bin/keys.js';
import { z } from 'zod';
import { noteProcess } from './leftovers.js';
import { threefold } from './threefold.js';
import { until } from './until.js';

const script = fileURLToPath(new URL('../../bin/threefold.mjs', import.meta.url));

/** What the processes of one set-up have in common. */
export interface SetUp {
  databaseUrl: string;
  temporal: { address: string; namespace: string };
  /** keys, and the logs of the processes */
  folder: string;
  /** more of the environment */
  env?: Record<string, string>;
}

/** A real process of Threefold, which can be killed, frozen and started again. */
export interface Process {
  name: string;
  /** what it says */
  log: string;
  /** from when it does its work until it is told to end */
  isRunning(): boolean;
  /** does nothing while it runs; answers once it does its work */
  start(): Promise<void>;
  /** as SIGKILL does */
  kill(): Promise<void>;
  /** SIGTERM; answers how long that took, in milliseconds */
  stop(): Promise<number>;
  freeze(): void;
  thaw(): void;
}

export interface ApiProcess extends Process {
  url: string;
}

/** An API process, not started yet; it keeps its port from start to start. */
export async function apiProcess(name: string, setUp: SetUp): Promise<ApiProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const process = oneProcess(name, 'api', setUp, { HOST: '127.0.0.1', PORT: String(port) }, () => answersAt(url));
  return { ...process, url };
}

/** A worker process, not started yet. */
export function workerProcess(name: string, setUp: SetUp): Process {
  return oneProcess(name, 'worker', setUp, {}, (said) => Promise.resolve(said.includes('worker is running')));
}

async function answersAt(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/livez`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

function oneProcess(name: string, command: 'api' | 'worker', setUp: SetUp, own: Record<string, string>, isUp: (said: string) => Promise<boolean>): Process {
  const folder = setUp.folder;
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `${name}.log`);
  let running: Identity | null = null;
  const signalled = (signal: NodeJS.Signals): void => {
    if (running) process.kill(running.pid, signal);
  };
  async function ended(signal: NodeJS.Signals): Promise<number> {
    const before = Date.now();
    const was = running;
    running = null;
    if (was) await end(was, signal, 60_000);
    return Date.now() - before;
  }
  process.once('exit', () => {
    if (running && isAlive(running)) signalled('SIGKILL');
  });
  let works = false;
  return {
    name, log,
    isRunning: () => running !== null && works,
    async start() {
      if (running) return;
      works = false;
      const output = appendTo(log);
      const before = sizeOf(log);
      const child = spawn(process.execPath, [script, command], { env: { ...environment(setUp), ...own }, stdio: ['ignore', output.fd, output.fd], detached: true });
      output.close();
      const started = child.pid === undefined ? null : identityOf(child.pid);
      running = started;
      if (started) noteProcess(folder, started);
      await until(async () => {
        // somebody has ended it again meanwhile
        if (running !== started) return true;
        if (child.exitCode !== null) throw new Error(`${name} has ended with ${String(child.exitCode)}: ${tailOf(log)}`);
        return isUp(readFileSync(log, 'utf8').slice(before));
      }, `${name} to run`, 60_000);
      works = running === started;
    },
    async kill() { await ended('SIGKILL'); },
    stop: () => ended('SIGTERM'),
    freeze: () => { signalled('SIGSTOP'); },
    thaw: () => { signalled('SIGCONT'); },
  };
}

/** Brings the database to this build, and makes the engine know what cases are found by. */
export async function migrated(setUp: SetUp): Promise<void> {
  const { code, stderr } = await threefold(['migrate', '--create-namespace'], environment(setUp));
  if (code !== 0) throw new Error(`migrate has ended with ${String(code)}: ${stderr}`);
}

const Finding = z.object({ subject: z.string(), id: z.string(), deterministic: z.boolean(), events: z.int(), differences: z.array(z.unknown()) });
const Replayed = z.object({ cases: z.int(), different: z.int(), findings: z.array(Finding) });

/** Replays the history of every case and compares its events with those recorded; answers the findings of the first that differ. */
export async function replayAll(setUp: SetUp): Promise<{ cases: number; different: number; findings: unknown[] }> {
  const { stdout, stderr } = await threefold(['audit', 'replay', '--all', '--json'], environment(setUp));
  if (stdout === '') throw new Error(`audit replay has said nothing: ${stderr}`);
  const { cases, different, findings } = Replayed.parse(JSON.parse(stdout));
  return { cases, different, findings: findings.filter((one) => !one.deterministic || one.differences.length > 0).slice(0, 3) };
}

function sizeOf(log: string): number {
  return readFileSync(log, 'utf8').length;
}

function environment({ databaseUrl, temporal, folder, env }: SetUp): Record<string, string> {
  const keys = ensureKeys(folder);
  return {
    PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', TZ: 'UTC',
    DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace,
    THREEFOLD_MASTER_KEY_FILE: keys.master, THREEFOLD_COMMAND_KEY_FILE: keys.command, THREEFOLD_TOKEN_KEY_FILE: keys.token,
    ...env,
  };
}
