import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { errorCode, failed } from '../exit.js';
import { exitCode } from './exitCode.js';
import { appendTo, tailOf } from './logs.js';
import { postgresBinaries, type Binaries } from './postgresBinaries.js';
import { postgresUser, type PostgresUser } from './postgresUser.js';

const USER = 'threefold';
const READY_MS = 60_000;

export interface PostgresOptions {
  /** the cluster's folder, made on the first start */
  folder: string;
  /** file that Postgres' own messages are added to */
  log: string;
  port: number;
  password: string;
  /** more settings, as `name=value` */
  settings?: readonly string[];
}

/** A cluster on disk that can be started, any number of times. */
export interface Cluster {
  /** starts the server, in a process group of its own */
  launch(): ChildProcess;
  /** waits until it answers; throws when it does not within a minute, or `ended` says that it has ended */
  ready(ended?: () => boolean): Promise<void>;
  /** address of one of its databases, as `psql` takes it */
  url(database: string): string;
  /** makes a database unless it is there; a copy of `template` where given */
  createDatabase(database: string, template?: string): Promise<void>;
}

/** The embedded PostgreSQL: UTF-8, on loopback, with a password. Makes the cluster on the first call for `folder`. */
export async function openCluster(options: PostgresOptions): Promise<Cluster> {
  const binaries = await postgresBinaries();
  mkdirSync(join(options.folder, '..'), { recursive: true });
  const user = postgresUser([options.folder, binaries.postgres]);
  if (!existsSync(join(options.folder, 'PG_VERSION'))) await initialise(binaries, user, options);
  const url = (database: string): string => `postgres://${USER}:${options.password}@127.0.0.1:${String(options.port)}/${database}`;
  return {
    launch: () => launch(binaries, user, options),
    ready: (ended) => ready(url('postgres'), options.log, ended),
    url,
    createDatabase: (database, template) => createDatabase(url('postgres'), database, template),
  };
}

/** Made beside its place and moved there when whole, so that a kill in between leaves no half cluster. */
async function initialise(binaries: Binaries, user: PostgresUser, options: PostgresOptions): Promise<void> {
  const draft = `${options.folder}.new`;
  const password = `${options.folder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  user.own(draft);
  writeFileSync(password, options.password, { mode: 0o600 });
  user.own(password);
  // Under the locale C pg_trgm finds no Chinese.
  const flags = ['--locale=C.UTF-8', '--encoding=UTF8', '--auth=scram-sha-256', `--username=${USER}`, `--pwfile=${password}`];
  const output = appendTo(options.log);
  try {
    const child = user.spawn(binaries.initdb, [`--pgdata=${draft}`, ...flags], { env: environment(), stdio: ['ignore', output.fd, output.fd] });
    if ((await exitCode(child)) !== 0) throw failed(`The database could not be made: ${tailOf(options.log)}`);
  } finally {
    output.close();
    rmSync(password, { force: true });
  }
  renameSync(draft, options.folder);
}

function launch(binaries: Binaries, user: PostgresUser, options: PostgresOptions): ChildProcess {
  removeStalePidFile(options.folder);
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'timezone=UTC', 'log_timezone=UTC', ...(options.settings ?? [])];
  const args = ['-D', options.folder, '-p', String(options.port), ...settings.flatMap((setting) => ['-c', setting])];
  const output = appendTo(options.log);
  try {
    return user.spawn(binaries.postgres, args, { env: environment(), stdio: ['ignore', output.fd, output.fd], detached: true });
  } finally {
    output.close();
  }
}

/**
 * Postgres does not start while the pid in its pid file lives, and after a restart of a container that may be anybody.
 * Whatever of ours ran on this folder has been ended before, so a pid that is no postgres is a stranger's.
 */
function removeStalePidFile(folder: string): void {
  const file = join(folder, 'postmaster.pid');
  try {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    const command = readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim();
    if (command !== 'postgres') rmSync(file, { force: true });
  } catch {
    // no pid file, nobody with that pid, or no /proc: Postgres sorts that out itself
  }
}

async function ready(url: string, log: string, ended: () => boolean = () => false): Promise<void> {
  const until = Date.now() + READY_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (errorCode(error) === '28P01') throw failed('The database does not take the password in the data folder: the folder is not whole.');
      if (ended() || Date.now() > until) throw failed(`Postgres does not start: ${tailOf(log)} (${log})`);
      await pause(30);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function createDatabase(url: string, database: string, template?: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const like = template === undefined ? '' : ` TEMPLATE ${client.escapeIdentifier(template)}`;
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}${like}`);
  } catch (error) {
    if (errorCode(error) !== '42P04') throw error;
  } finally {
    await client.end();
  }
}

/** Nothing of the caller's environment: PG… variables would change what initdb and postgres do. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}
