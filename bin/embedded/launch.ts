import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { TASK_QUEUE } from '../../engine/ids.js';
import { migrate } from '../../prisma/migrate.js';
import type { Environment, Settings } from '../configuration.js';
import { failed } from '../exit.js';
import { ensureNamespace } from '../namespace.js';
import { processEnvironment } from './environment.js';
import type { Layout } from './layout.js';
import { appendTo, tailOf } from './logs.js';
import { NAME } from './newState.js';
import { endings } from './orphans.js';
import { openCluster } from './postgres.js';
import type { Say } from './progress.js';
import { writeState, type Part, type State } from './state.js';
import { supervise, type Supervised, type Supervision } from './supervise.js';
import { isPolled, launchTemporal, temporalReady } from './temporalServer.js';

const READY_MS = 120_000;
const TRIES = 5;

/** A set-up on its way up. */
export interface Starting {
  settings: Settings;
  /** environment of the child processes, beside what the set-up gives them */
  env: Environment;
  /** the script whose commands `worker` and `api` are the processes */
  command: string;
  say: Say;
  layout: Layout;
  state: State;
  running: Map<Part, Supervised>;
  isStopping: () => boolean;
}

/** Starts Postgres and brings its database up to this build's migrations. */
export async function startPostgres(starting: Starting): Promise<void> {
  const { layout, state, say } = starting;
  const log = logOf(layout, 'postgres');
  const password = new URL(state.databaseUrl).password;
  const cluster = await openCluster({ folder: layout.postgres, log, port: state.ports.postgres, password });
  const postgres = superviseOne(starting, 'postgres', () => cluster.launch());
  await cluster.ready(postgres.ended);
  await cluster.createDatabase(NAME);
  say(`Postgres is up at 127.0.0.1:${String(state.ports.postgres)}.`);
  const applied = await migrate(cluster.url(NAME));
  if (applied.length > 0) say(`Migrations applied: ${applied.join(', ')}.`);
}

/** Starts the Temporal server and makes its namespace. */
export async function startTemporal(starting: Starting, executable: string): Promise<void> {
  const { layout, state, say } = starting;
  const log = logOf(layout, 'temporal');
  const options = { executable, port: state.ports.temporal, uiPort: state.ports.ui, file: layout.temporal, log };
  const server = superviseOne(starting, 'temporal', () => launchTemporal(options));
  const connection = await temporalReady(state.temporalAddress, log, server.ended);
  await ensureNamespace(connection, NAME);
  await connection.close();
  say(`Temporal is up at ${state.temporalAddress}, its web UI at ${state.ui}.`);
}

/**
 * Starts worker and API and waits until the API says that it is ready and the worker asks for work.
 * Throws `Exit` 1 when one of them cannot be started.
 */
export async function startProcesses(starting: Starting): Promise<void> {
  const troubles: string[] = [];
  for (const part of ['worker', 'api'] as const) {
    superviseOne(starting, part, () => launchProcess(starting, part), (times, code) => {
      const log = logOf(starting.layout, part);
      if (code === 2 || times >= TRIES) troubles.push(`The ${part} does not start: ${tailOf(log)} (${log})`);
    });
  }
  const { api, temporalAddress, temporalNamespace } = starting.state;
  const connection = Connection.lazy({ address: temporalAddress });
  try {
    const until = Date.now() + READY_MS;
    while (!((await answersReady(api)) && (await isPolled(connection, temporalNamespace, TASK_QUEUE)))) {
      if (starting.isStopping()) throw stopped();
      if (troubles[0] !== undefined) throw failed(troubles[0]);
      if (Date.now() > until) throw failed(`API and worker are not ready after two minutes: see ${starting.layout.logs}.`);
      await pause(50);
    }
  } finally {
    await connection.close();
  }
}

async function answersReady(api: string): Promise<boolean> {
  try {
    const answer = await fetch(`${api}/readyz`, { signal: AbortSignal.timeout(3000) });
    return answer.status === 200;
  } catch {
    return false;
  }
}

function launchProcess({ env, command, settings, layout, state }: Starting, part: 'api' | 'worker'): ChildProcess {
  const output = appendTo(logOf(layout, part));
  try {
    return spawn(process.execPath, [command, part], {
      env: processEnvironment(env, settings, state),
      stdio: ['ignore', output.fd, output.fd],
      detached: true,
    });
  } finally {
    output.close();
  }
}

function superviseOne(starting: Starting, part: Part, launch: () => ChildProcess, onEnded?: Supervision['onEnded']): Supervised {
  if (starting.isStopping()) throw stopped();
  const { layout, state, running, say } = starting;
  const supervised = supervise({
    name: part,
    launch,
    ...endings(starting.settings.graceSeconds)[part],
    onStarted: (identity) => {
      state.processes[part] = identity;
      writeState(layout.state, state);
    },
    ...(onEnded ? { onEnded } : {}),
    say,
  });
  running.set(part, supervised);
  return supervised;
}

function logOf(layout: Layout, part: Part): string {
  return `${layout.logs}/${part}.log`;
}

function stopped(): Error {
  return failed('Stopped before it was ready.');
}
