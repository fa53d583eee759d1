import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { layoutOf } from '../../bin/embedded/layout.js';
import { readRunning, type State } from '../../bin/embedded/state.js';
import { keyFilesOf } from '../../bin/keys.js';
import { bareEnvironment, COMMAND, remember, stopChild } from './child.js';
import type { System } from './system.js';
import { createWorkers } from './workers.js';

/** The embedded set-up (`threefold start`) on this folder, from its first line to ready. */
export async function startEmbedded(dataDir: string): Promise<System & { seconds: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [COMMAND, 'start'], {
    env: { ...bareEnvironment(), PORT: '0', THREEFOLD_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
    // a Ctrl-C is for the bench, which stops it in its order
    detached: true,
  });
  remember(child);
  await ready(child);
  const seconds = (performance.now() - started) / 1000;
  const state = stateOf(dataDir);
  const environment = environmentOf(dataDir, state);
  const workers = createWorkers(environment, dataDir);
  const pidOf = (part: 'api' | 'worker' | 'temporal' | 'postgres') => stateOf(dataDir).processes[part]?.pid;
  const one = (pid: number | undefined) => (pid === undefined ? [] : [pid]);
  return {
    kind: 'embedded',
    seconds,
    api: state.api,
    databaseUrl: state.databaseUrl,
    temporal: { address: state.temporalAddress, namespace: state.temporalNamespace },
    dataDir,
    environment,
    pids: () => ({ api: one(pidOf('api')), worker: [...one(pidOf('worker')), ...workers.pids()], engine: one(pidOf('temporal')), postgres: one(pidOf('postgres')) }),
    scale: (count) => workers.scale(count - 1),
    async restartWorker() {
      const before = pidOf('worker');
      if (before === undefined) throw new Error('there is no worker');
      const from = performance.now();
      process.kill(before, 'SIGKILL');
      while (pidOf('worker') === before) await pause(20);
      await workers.polled();
      return (performance.now() - from) / 1000;
    },
    async stop() {
      await workers.scale(0);
      await stopChild(child);
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        lines.push(text);
        if (/^Threefold is ready at /m.test(text)) resolve();
      });
    }
    child.once('exit', (code) => reject(new Error(`threefold start has ended with ${String(code)}:\n${lines.join('')}`)));
  });
}

function stateOf(dataDir: string): State {
  const state = readRunning(layoutOf(dataDir).state);
  if (!state) throw new Error(`Threefold does not run on ${dataDir}`);
  return state;
}

function environmentOf(dataDir: string, state: State): Record<string, string> {
  const keys = keyFilesOf(dataDir);
  return {
    THREEFOLD_DATA: dataDir,
    DATABASE_URL: state.databaseUrl,
    TEMPORAL_ADDRESS: state.temporalAddress,
    TEMPORAL_NAMESPACE: state.temporalNamespace,
    THREEFOLD_MASTER_KEY_FILE: keys.master,
    THREEFOLD_COMMAND_KEY_FILE: keys.command,
    THREEFOLD_TOKEN_KEY_FILE: keys.token,
  };
}
