import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { System } from './system/system.js';

/** Where and on what a run was made. */
export interface Machine {
  at: string;
  system: string;
  processors: string;
  memoryGiB: number;
  /** load average of the minute before: others on the same machine */
  load: number;
  /** milliseconds of processor time for a fixed loop: how fast the processors are just now */
  loopMs: number;
  versions: Record<string, string>;
  /** short form of the commit, `+` where files had changed */
  commit: string;
}

export async function machineOf({ temporal, kind }: System, pool: Pool): Promise<Machine> {
  const [first] = cpus();
  return {
    at: new Date().toISOString(),
    system: `${platform()} ${release()}`,
    processors: `${cpus().length} × ${first?.model ?? 'unknown'}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
    loopMs: loop(),
    versions: {
      node: process.versions.node,
      postgres: await postgresVersion(pool),
      'temporal server': `${await temporalVersion(temporal.address)} (${kind === 'embedded' ? 'SQLite, journal_mode=wal, synchronous=full' : 'Postgres'})`,
      '@temporalio': packageVersion('@temporalio/worker'),
      express: packageVersion('express'),
      dbos: packageVersion('@dbos-inc/dbos-sdk'),
    },
    commit: commit(),
  };
}

/** A hundred million steps that cannot be left out. */
function loop(): number {
  const before = process.cpuUsage();
  let x = 0;
  for (let i = 0; i < 1e8; i += 1) x = (Math.imul(x, 31) + i) | 0;
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / 1000) + (x === 0 ? 1 : 0);
}

async function postgresVersion(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ version: string; commit: string }>(`SELECT current_setting('server_version') AS version, current_setting('synchronous_commit') AS commit`);
  return rows[0] ? `${rows[0].version}, synchronous_commit=${rows[0].commit}` : 'unknown';
}

async function temporalVersion(address: string): Promise<string> {
  const connection = await Connection.connect({ address });
  const { serverVersion } = await new Client({ connection }).workflowService.getSystemInfo({});
  await connection.close();
  return serverVersion;
}

function packageVersion(name: string): string {
  return z.looseObject({ version: z.string() }).parse(JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'))).version;
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}
