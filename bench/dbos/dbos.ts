import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { filing } from '../cases/filing.js';
import type { Slice } from '../figures/rate.js';
import { closedLoop, type Load } from '../load/closedLoop.js';
import { createHttp, type Http } from '../load/http.js';
import type { Side } from '../load/sideBySide.js';
import { firstMessage, forkScript, stopChild, threefold } from '../system/child.js';
import type { System } from '../system/system.js';

/**
 * Ways in which DBOS takes a complaint: `start` runs the workflow at once in the process that starts it, and it ends at once (the
 * least work there is); `start and wait` leaves it waiting for messages, as a case does; `enqueue` leaves it to a queue. `same case` is
 * taken over HTTP with all that Threefold does for it, and waits on DBOS (`sameCase.ts`).
 */
export type DbosVariant = 'start' | 'start over HTTP' | 'start and wait' | 'enqueue' | 'same case' | 'command';

/** DBOS in a process of its own, on a database of its own in the same Postgres; that of `same case` does nothing else. */
export interface Dbos {
  run(variant: DbosVariant, load: Load): Promise<Slice>;
  /** waits until all that was started has ended */
  settle(): Promise<unknown>;
  pids(): number[];
  stop(): Promise<void>;
}

const Ready = z.object({ port: z.number() });
const Answer = z.union([
  z.object({ failed: z.string() }),
  z.object({ slice: z.object({ seconds: z.number(), latencies: z.array(z.number()), failures: z.array(z.string()) }).nullable() }),
]);

export async function startDbos(system: System): Promise<Dbos> {
  return start({ DBOS_URL: await emptyDatabase(system.databaseUrl) }, (http) => file(http, '/complaints', null));
}

/** Takes cases as Threefold does, on a database of Threefold's own: `run` does `same case`. */
export async function startSameCase({ databaseUrl, dataDir, environment }: System): Promise<Dbos> {
  const [own, cases] = [await emptyDatabase(databaseUrl), await emptyDatabase(databaseUrl)];
  const settings = { ...environment, DATABASE_URL: cases, DBOS_URL: own, DBOS_LOG: join(dataDir, 'dbos.log') };
  threefold(['migrate'], settings);
  const bearer = threefold(['key', 'create', '--name', 'bench'], settings).trim();
  return start(settings, (http) => file(http, '/v1/complaints', bearer));
}

async function start(settings: Record<string, string>, overHttp: (http: Http) => Promise<string>): Promise<Dbos> {
  const child = forkScript(new URL('process.ts', import.meta.url), settings);
  const { port } = Ready.parse(await firstMessage(child));
  const http = createHttp(`http://127.0.0.1:${port}`);
  return {
    async run(variant, load) {
      if (variant === 'start over HTTP' || variant === 'same case') return closedLoop(load, () => overHttp(http));
      const slice = await order(child, variant, load);
      if (!slice) throw new Error('DBOS told nothing');
      return slice;
    },
    settle: () => order(child, 'settle', { callers: 1, seconds: 0 }),
    pids: () => (child.pid === undefined ? [] : [child.pid]),
    async stop() {
      http.close();
      await stopChild(child);
    },
  };
}

/** One of its ways, as a side of a comparison. */
export function dbosSide(dbos: Dbos, variant: DbosVariant, system: System): Side {
  return {
    name: `DBOS ${variant}`,
    pids: () => ({ DBOS: dbos.pids(), postgres: system.pids().postgres }),
    run: (load) => dbos.run(variant, load),
    settle: () => dbos.settle(),
  };
}

function file(http: Http, path: string, bearer: string | null): Promise<string> {
  return http.send({ path, bearer, body: filing(), status: 201, headers: { 'Idempotency-Key': randomUUID() } });
}

function order(child: ChildProcess, what: string, load: Load): Promise<Slice | null> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`DBOS's process has ended with ${String(code)}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      const answer = Answer.parse(message);
      if ('failed' in answer) reject(new Error(answer.failed));
      else resolve(answer.slice);
    });
    child.send({ what, ...load });
  });
}

/** Beside Threefold's own, so under the same settings. */
async function emptyDatabase(databaseUrl: string): Promise<string> {
  const name = `dbos_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}
