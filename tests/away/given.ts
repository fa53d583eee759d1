import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { z } from 'zod';
import { keyFilesOf, readPrivateKey } from '../../bin/keys.js';
import { issueToken, type TokenClaims } from '../../bin/tokens.js';
import { apiProcess, migrated, replayAll, workerProcess, type ApiProcess, type Process, type SetUp } from '../harness/processes.js';
import { startOwnPostgres, type OwnPostgres } from '../harness/ownPostgres.js';
import { startProxy, type Proxy } from '../harness/proxy.js';
import { freshFolder, threefold } from '../harness/threefold.js';
import { until } from '../harness/until.js';
import type { Body, Told as Answered } from '../http/given.js';
import { startEngine, type OwnEngine } from '../http/ownEngine.js';

export { until };
export type { Body };

export interface Told extends Answered {
  /** how long it took, in milliseconds */
  ms: number;
}

export type Call = (who: string | null, method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Told>;

/** A whole set-up whose parts can be away: real processes, and a road from each to each. */
export interface Town {
  database: OwnPostgres;
  engine: OwnEngine;
  api: ApiProcess;
  worker: Process;
  /** from the API and from the worker, to the database and to the engine */
  roads: Record<'apiDatabase' | 'workerDatabase' | 'apiEngine' | 'workerEngine', Proxy>;
  call: Call;
  /** a POST that has to succeed */
  does(who: string | null, path: string, body?: Body, status?: number): Promise<Body>;
  /** files a complaint and waits until its workflow answers; its path */
  filed(more?: Body): Promise<string>;
  /** what has happened to a case, oldest first */
  course(path: string): Promise<Body[]>;
  /** how many complaints there are of each of these filings */
  filedBy(filings: readonly Body[]): Promise<number[]>;
  /** waits until the history of a closed case is stored */
  stored(path: string): Promise<void>;
  /** rows of the database, asked without a detour */
  sql(text: string, ...values: unknown[]): Promise<Record<string, unknown>[]>;
  /**
   * expects every case to replay to what is recorded, once every intent is done: one that a sweeper had taken when something went away
   * is left alone for two minutes
   */
  replays(): Promise<void>;
  stop(): Promise<void>;
}

const people: Record<string, Omit<TokenClaims, 'sub'>> = {
  ann: { roles: ['agent'] }, sue: { roles: ['supervisor'], rung: 2 }, sam: { roles: ['supervisor'], rung: 2 },
  quinn: { roles: ['quality'] }, aud: { roles: ['auditor'] }, adm: { roles: ['admin'] },
};

/** A call that is not answered by then hangs. */
const HANGS_MS = 60_000;

export async function startTown(): Promise<Town> {
  const folder = freshFolder();
  const [database, engine] = await Promise.all([startOwnPostgres(folder), startEngine(join(folder, 'temporal.db'))]);
  await database.createDatabase('threefold');
  const { namespace, address } = engine.place;
  const roads = {
    apiDatabase: await startProxy(database.address), workerDatabase: await startProxy(database.address),
    apiEngine: await startProxy(address), workerEngine: await startProxy(address),
  };
  const direct: SetUp = { folder, databaseUrl: database.url('threefold'), temporal: engine.place };
  const by = (one: Proxy, other: Proxy): SetUp => {
    const url = new URL(direct.databaseUrl);
    url.port = String(one.port);
    return { ...direct, databaseUrl: url.href, temporal: { namespace, address: other.address } };
  };
  await migrated(direct);
  const worker = workerProcess('worker', by(roads.workerDatabase, roads.workerEngine));
  const api = await apiProcess('api', by(roads.apiDatabase, roads.apiEngine));
  await Promise.all([worker.start(), api.start()]);
  const bearers = await bearersOf(direct);

  const call: Call = async (who, method, path, body, headers = {}) => {
    const before = Date.now();
    const response = await fetch(api.url + path, {
      method, signal: AbortSignal.timeout(HANGS_MS),
      headers: {
        ...(who === null ? {} : { Authorization: `Bearer ${bearers.get(who) ?? who}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const told = z.record(z.string(), z.unknown()).parse(await response.json());
    return { status: response.status, told, headers: response.headers, ms: Date.now() - before };
  };
  const town: Town = {
    database, engine, api, worker, roads, call,
    async does(who, path, body = {}, status = 200) {
      const answer = await call(who, 'POST', path, body);
      expect({ path, status: answer.status, told: answer.status === status ? null : answer.told }).toEqual({ path, status, told: null });
      return answer.told;
    },
    async filed(more = {}) {
      const { id } = await town.does('ann', '/v1/complaints', { ...filing(), ...more }, 201);
      const path = `/v1/complaints/${String(id)}`;
      await until(async () => (await call('aud', 'GET', `${path}/history`)).status === 200, 'the start of the case');
      return path;
    },
    async course(path) {
      return listOf((await call('aud', 'GET', `${path}/timeline?limit=200`)).told, 'items');
    },
    async filedBy(filings) {
      const keys = filings.map(({ customer }) => z.object({ key: z.string() }).parse(customer).key);
      const items = listOf((await call('ann', 'GET', '/v1/complaints?limit=200')).told, 'items');
      const filed = items.map(({ customer }) => z.object({ key: z.string() }).parse(customer).key);
      return keys.map((key) => filed.filter((one) => one === key).length);
    },
    async stored(path) {
      await until(async () => (await town.sql('SELECT FROM history WHERE id = $1', path.split('/').at(-1))).length === 1, 'the stored history');
    },
    async sql(text, ...values) {
      const client = new pg.Client({ connectionString: direct.databaseUrl });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async replays() {
      await until(async () => (await town.sql(`SELECT FROM intent WHERE state <> 'done'`)).length === 0, 'the end of every intent', 150_000);
      const { different, findings } = await replayAll(direct);
      expect(different, JSON.stringify(findings)).toBe(0);
    },
    async stop() {
      for (const road of Object.values(roads)) await road.pass();
      await Promise.all([api.stop(), worker.stop()]);
      for (const road of Object.values(roads)) await road.close();
      await engine.kill();
      await database.stop();
    },
  };
  for (const who of Object.keys(people)) await call(who, 'GET', '/v1/taxonomies');
  return town;
}

async function bearersOf({ folder, databaseUrl }: SetUp): Promise<Map<string, string>> {
  const key = readPrivateKey(keyFilesOf(folder).token);
  const bearers = new Map<string, string>();
  for (const [sub, claims] of Object.entries(people)) bearers.set(sub, await issueToken(key, { sub, ...claims }));
  const { stdout } = await threefold(['key', 'create', '--name', 'web'], { DATABASE_URL: databaseUrl });
  return bearers.set('web', stdout.trim());
}

let filings = 0;

/** What is filed where a test does not care. */
export function filing(): Body {
  filings += 1;
  return { channel: 'phone', text: 'the parcel was broken', customer: { key: `CRM-${String(process.pid)}-${String(filings)}`, name: 'Mei' } };
}

export function listOf(told: Body, field: string): Body[] {
  return z.array(z.record(z.string(), z.unknown())).parse(told[field]);
}
