import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, identityOf, type Identity } from '../../bin/embedded/identity.js';
import { freePort } from '../../bin/embedded/ports.js';
import { openCluster } from '../../bin/embedded/postgres.js';
import { noteProcess } from './leftovers.js';
import { until } from './until.js';

/** A Postgres of one's own, which can be away for a while. */
export interface OwnPostgres {
  /** host:port */
  address: string;
  /** address of one of its databases */
  url(database: string): string;
  createDatabase(database: string): Promise<void>;
  /** as SIGKILL of all its processes does; what it had acknowledged is in its files */
  kill(): Promise<void>;
  /** on the same port and files; does nothing while it runs */
  start(): Promise<void>;
  /** SIGSTOP of all its processes: connections stay open, and nobody answers */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export async function startOwnPostgres(folder: string): Promise<OwnPostgres> {
  const port = await freePort();
  // Processes are killed here and the machine is not: what was written is there without waiting for the disk.
  const cluster = await openCluster({ folder: join(folder, 'postgres'), log: join(folder, 'postgres.log'), port, password: 'test', settings: ['fsync=off', 'full_page_writes=off'] });
  let running: Identity | null = null;
  const signalled = (signal: NodeJS.Signals): void => {
    if (running) for (const pid of [running.pid, ...childrenOf(running.pid)]) send(pid, signal);
  };
  async function ended(how: (was: Identity) => Promise<void>): Promise<void> {
    const was = running;
    if (was) await how(was);
    running = null;
  }
  process.once('exit', () => { signalled('SIGKILL'); });
  const postgres: OwnPostgres = {
    address: `127.0.0.1:${String(port)}`,
    url: cluster.url,
    createDatabase: (database) => cluster.createDatabase(database),
    kill: () => ended(async (was) => {
      signalled('SIGKILL');
      await end(was, 'SIGKILL', 5_000);
    }),
    async start() {
      if (running) return;
      // Right after a kill the system may not have let go of the shared memory yet.
      await until(async () => {
        const child = cluster.launch();
        running = child.pid === undefined ? null : identityOf(child.pid);
        if (running) noteProcess(folder, running);
        return cluster.ready(() => child.exitCode !== null).then(() => true, () => false);
      }, 'Postgres to start again');
    },
    freeze: () => { signalled('SIGSTOP'); },
    thaw: () => { signalled('SIGCONT'); },
    stop: () => ended(async (was) => {
      signalled('SIGCONT');
      await end(was, 'SIGINT', 10_000);
    }),
  };
  await postgres.start();
  return postgres;
}

/** Each connection is served by a process of its own. */
function childrenOf(parent: number): number[] {
  if (!existsSync('/proc/self/stat')) {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((row) => row.trim().split(/\s+/).map(Number));
    return rows.flatMap(([pid, of]) => (of === parent && pid !== undefined ? [pid] : []));
  }
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === parent).map(Number);
}

/** The fourth field of a process' line (proc(5)); the second is its name in brackets. */
function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}
