import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { filing } from '../cases/filing.js';
import type { Slice } from '../figures/rate.js';
import { closedLoop, type Load } from '../load/closedLoop.js';
import { createHttp, type Http } from '../load/http.js';
import { firstMessage, forkScript, stopChild, threefold } from '../system/child.js';
import type { System } from '../system/system.js';

/**
 * Ways in which DBOS takes a complaint: `start` runs the workflow at once in the process that starts it, and it ends at once (the
 * least work there is); `start and wait` leaves it waiting for messages, as a case does; `enqueue` leaves it to a queue. `same case` is
 * taken over HTTP with all that Threefold does for it, and waits on DBOS (`sameCase.ts`).
 */
export type DbosVariant = 'start' | 'start over HTTP' | 'start and wait' | 'enqueue' | 'same case' | 'command';

/** DBOS in a process of its own, on a database of its own in the same Postgres. */
export interface Dbos {
  run(variant: DbosVariant, load: Load): Promise<Slice>;
  /** waits until all that was started has ended */
  settle(): Promise<unknown>;
  pids(): number[];
  stop(): Promise<void>;
}

const Ready = z.object({ start: z.number(), sameCase: z.number() });
const Answer = z.union([
  z.object({ failed: z.string() }),
  z.object({ slice: z.object({ seconds: z.number(), latencies: z.array(z.number()), failures: z.array(z.string()) }).nullable() }),
]);

export async function startDbos({ databaseUrl, dataDir, environment }: System): Promise<Dbos> {
  const [own, cases] = [await emptyDatabase(databaseUrl), await emptyDatabase(databaseUrl)];
  const settings = { ...environment, DATABASE_URL: cases, DBOS_URL: own, DBOS_LOG: join(dataDir, 'dbos.log') };
  threefold(['migrate'], settings);
  const bearer = threefold(['key', 'create', '--name', 'bench'], settings).trim();
  const child = forkScript(new URL('process.ts', import.meta.url), settings);
  const ports = Ready.parse(await firstMessage(child));
  const [bare, full] = [createHttp(`http://127.0.0.1:${ports.start}`), createHttp(`http://127.0.0.1:${ports.sameCase}`)];
  return {
    async run(variant, load) {
      if (variant === 'start over HTTP') return closedLoop(load, () => file(bare, '/complaints', null));
      if (variant === 'same case') return closedLoop(load, () => file(full, '/v1/complaints', bearer));
      const slice = await order(child, variant, load);
      if (!slice) throw new Error('DBOS told nothing');
      return slice;
    },
    settle: () => order(child, 'settle', { callers: 1, seconds: 0 }),
    pids: () => (child.pid === undefined ? [] : [child.pid]),
    async stop() {
      bare.close();
      full.close();
      await stopChild(child);
    },
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
