import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { readSettings } from '../../bin/configuration.js';
import { identityOf } from '../../bin/embedded/identity.js';
import { freePort } from '../../bin/embedded/ports.js';
import { openCluster } from '../../bin/embedded/postgres.js';
import { findTemporal, type Looking } from '../../bin/embedded/temporalExecutable.js';
import { launchTemporal, temporalReady } from '../../bin/embedded/temporalServer.js';
import { migrate } from '../../prisma/migrate.js';
import { openRunFolder, type RunFolder } from './leftovers.js';
import { startTemporalOnPostgres } from './temporalOnPostgres.js';
import { findTimeSkipping } from './timeSkippingServer.js';

/** What one run of the tests shares: one Postgres with a migrated template, one Temporal dev server. */
export interface Shared {
  /** address of the cluster's own database `postgres` */
  postgres: string;
  /** a migrated database that nobody connects to */
  template: string;
  /** host:port */
  temporal: string;
  /** a folder for this run, removed at its end */
  folder: string;
  /** the server whose time can be skipped, or why there is none */
  timeSkipping: { path: string } | { missing: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    shared: Shared;
  }
}

export const TEMPLATE = 'migrated';

/** Starts what the tests share, in a temporary folder; answers how to end it. */
export default async function setup(project: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  const { temporalExecutable, cacheDir } = readSettings(process.env);
  const looking = { path: process.env['PATH'] ?? '', cacheDir, say: console.log };
  const folder = await openRunFolder();
  try {
    const database = startPostgres(folder);
    const [postgres, temporal, timeSkipping] = await Promise.all([
      database,
      process.env['THREEFOLD_TEST_SYSTEM'] === 'cluster' ? startServer(folder, await database) : startTemporal(folder, { ...looking, wanted: temporalExecutable }),
      lookForTimeSkipping({ ...looking, wanted: process.env['THREEFOLD_TEST_SERVER'] ?? null }),
    ]);
    project.provide('shared', { folder: folder.path, postgres, template: TEMPLATE, temporal, timeSkipping });
    return folder.remove;
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** A cluster for this run, with the template in it; answers the address of its own database. */
export async function startPostgres(folder: RunFolder): Promise<string> {
  const port = await freePort();
  // Nothing here outlives the run, so nothing waits for the disk.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  const log = join(folder.path, 'postgres.log');
  const cluster = await openCluster({ folder: join(folder.path, 'postgres'), log, port, password: 'test', settings });
  const child = owned(folder, cluster.launch());
  await cluster.ready(() => child.exitCode !== null);
  await cluster.createDatabase(TEMPLATE);
  await migrate(cluster.url(TEMPLATE));
  await closeToAll(cluster.url('postgres'), TEMPLATE);
  return cluster.url('postgres');
}

/** A template is copied only while nobody is connected; pools keep idle connections for a while. */
async function closeToAll(url: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
    await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [database]);
  } finally {
    await client.end();
  }
}

async function startTemporal(folder: RunFolder, looking: Looking): Promise<string> {
  const executable = await findTemporal(looking);
  const port = await freePort();
  const log = join(folder.path, 'temporal.log');
  const child = owned(folder, launchTemporal({ executable, port, uiPort: null, file: null, log }));
  const address = `127.0.0.1:${port}`;
  const connection = await temporalReady(address, log, () => child.exitCode !== null);
  await connection.close();
  return address;
}

/** In a cluster it is Temporal's own server, on Postgres. */
async function startServer(folder: RunFolder, postgresUrl: string): Promise<string> {
  const options = { postgresUrl, folder: join(folder.path, 'temporal'), connections: 10, onStarted: (child: ChildProcess) => owned(folder, child) };
  return (await startTemporalOnPostgres(options)).address;
}

function owned(folder: RunFolder, child: ChildProcess): ChildProcess {
  const identity = child.pid === undefined ? null : identityOf(child.pid);
  if (identity) folder.owns(identity);
  return child;
}

/** Most tests do without: only those that skip time fail where it cannot be had. */
async function lookForTimeSkipping(looking: Looking): Promise<Shared['timeSkipping']> {
  try {
    return { path: await findTimeSkipping(looking) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
