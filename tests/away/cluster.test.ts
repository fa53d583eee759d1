import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { ensureKeys } from '../../bin/keys.js';
import { issueToken, type TokenClaims } from '../../bin/tokens.js';
import { startCluster, type Cluster } from '../harness/cluster.js';
import { freshDatabase } from '../harness/database.js';
import { migrated, replayAll, type SetUp } from '../harness/processes.js';
import { startTemporalOnPostgres, type TemporalOnPostgres } from '../harness/temporalOnPostgres.js';
import { freshFolder } from '../harness/threefold.js';
import { until } from '../harness/until.js';

type Body = Record<string, unknown>;

const people: Record<string, Omit<TokenClaims, 'sub'>> = {
  ann: { roles: ['agent'] }, bob: { roles: ['agent'] }, sue: { roles: ['supervisor'] }, sam: { roles: ['supervisor'], rung: 2 },
  quinn: { roles: ['quality'] }, lou: { roles: ['department'], department: 'logistics' }, aud: { roles: ['auditor'] },
};

const shares = [{ department: 'logistics', percent: 100, conduct: 'ordinary' }];
/** From the first answer to the end, with every kind of step: by a command, by a signal, by the customer, by a department. */
const course: [who: string | null, step: string, body: Body, status?: number][] = [
  ['ann', 'answer', { message: 'sorry' }],
  ['ann', 'classify', { type: 'logistics', reason: 'r' }],
  ['ann', 'dispatch', { department: 'logistics', request: 'where is it' }],
  ['lou', 'plan', { request: 'r1', plan: 'look' }],
  ['sue', 'escalations', { reason: 'now', to: 1 }, 202],
  [null, 'messages', { text: 'are you there' }],
  ['ann', 'resolve', { solution: 'a new parcel', agreed: true }],
  ['bob', 'follow-up', { satisfied: true }],
  ['sue', 'attribute', { nature: 'process', shares, note: 'n' }],
  ['lou', 'agree', {}],
  ['sam', 'decide', { upheld: true, handling: 'h', note: 'n' }],
  ['sue', 'waive', { reason: 'r' }],
  ['sam', 'approve-waiver', {}],
];
const happened = [
  'accepted', 'agreed', 'answered', 'attributed', 'classified', 'closed', 'decided', 'dispatched', 'escalated', 'follow_up_attempted', 'followed_up', 'heard',
  'planned', 'received', 'resolved', 'waiver_approved', 'waiver_requested',
];

const CASES = 30;
const CALLERS = 6;
const server = inject('server');
if ('missing' in server) console.warn(server.missing);

/** As a company runs it: two APIs and three workers on Temporal on Postgres, all of which come and go while cases are handled. */
describe.skipIf('missing' in server)('in a cluster whose processes are killed and started', () => {
  let engine: TemporalOnPostgres;
  let cluster: Cluster;
  let setUp: SetUp;
  const bearers = new Map<string, string>();
  const started: { stop(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    const folder = freshFolder();
    if ('missing' in server) throw new Error(server.missing);
    engine = await startTemporalOnPostgres({ postgresUrl: inject('shared').postgres, folder: join(folder, 'temporal'), executables: server, connections: 10 });
    started.push(engine);
    setUp = { folder, databaseUrl: await freshDatabase(), temporal: { address: engine.address, namespace: 'threefold' } };
    await migrated(setUp);
    cluster = await startCluster({ setUp });
    started.push(cluster);
    await cluster.startWorkers();
    const key = createPrivateKey(readFileSync(ensureKeys(folder).token));
    for (const [sub, claims] of Object.entries(people)) bearers.set(sub, await issueToken(key, { sub, ...claims }));
    for (const who of bearers.keys()) await ask(who, 'GET', '/v1/taxonomies');
  });
  afterAll(async () => {
    for (const part of started.reverse()) await part.stop();
  });

  async function ask(who: string | null, method: string, path: string, body?: Body, key?: string): Promise<{ status: number; told: Body }> {
    const answer = await cluster.send({
      method, path,
      headers: {
        ...(who === null ? {} : { Authorization: `Bearer ${bearers.get(who) ?? ''}` }), ...(key === undefined ? {} : { 'Idempotency-Key': key }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, told: z.record(z.string(), z.unknown()).parse(await answer.json()) };
  }

  /** One case from its receipt to its end; every request is made twice at once, under one key. */
  async function handled(n: number): Promise<string> {
    const twice = async (who: string | null, path: string, body: Body, key: string, status: number): Promise<Body> => {
      const answers = await Promise.all([0, 1].map(() => ask(who, 'POST', path, body, key)));
      expect(answers.map((answer) => [path, answer.status, answer.status === status ? null : answer.told])).toEqual(answers.map(() => [path, status, null]));
      return answers[0]?.told ?? {};
    };
    const filed = await twice('ann', '/v1/complaints', { channel: 'phone', text: 'broken', customer: { key: `CRM-${String(n)}` } }, `file-${String(n)}`, 201);
    const path = `/v1/complaints/${String(filed['id'])}`;
    for (const [who, step, body, status = 200] of course) {
      const at = who === null ? `/v1/track/${String(filed['trackingCode'])}` : path;
      await twice(who, `${at}/${step}`, body, `${step}-${String(n)}`, status);
    }
    return path;
  }

  it('every case goes from its receipt to its end, and each thing is done once', async () => {
    const chaos = cluster.rage();
    const paths: string[] = [];
    let next = 0;
    const engineFalls = pause(8_000).then(async () => {
      await engine.kill();
      await pause(1_000);
      await engine.start();
    });
    await Promise.all(Array.from({ length: CALLERS }, async () => {
      while (next < CASES) {
        next += 1;
        paths.push(await handled(next));
      }
    }));
    await engineFalls;
    await chaos.stop();
    console.log(`cluster: ${String(CASES)} cases, ${String(CASES * (course.length + 1))} requests, each twice; processes ${JSON.stringify(chaos.done)}`);

    expect(new Set(paths).size).toBe(CASES);
    for (const path of paths) {
      const types = async () => z.array(z.object({ type: z.string() })).parse((await ask('aud', 'GET', `${path}/timeline?limit=200`)).told['items']).map(({ type }) => type);
      await until(async () => (await types()).length >= happened.length, `the record of ${path}`);
      expect((await types()).sort()).toEqual(happened);
      expect((await ask('ann', 'GET', path)).told).toMatchObject({ status: 'closed', version: happened.length });
    }
  }, 240_000);

  it('nothing is left open, and every history replays to what is recorded', async () => {
    const client = new pg.Client({ connectionString: setUp.databaseUrl });
    await client.connect();
    await until(async () => (await client.query(`SELECT FROM intent WHERE state = 'open'`)).rowCount === 0, 'every intent to be done', 150_000);
    const { rows: [counted] } = await client.query<Record<string, number>>(`
      SELECT (SELECT count(*)::int FROM complaint) AS complaints, (SELECT count(*)::int FROM customer) AS customers,
        (SELECT count(*)::int FROM (SELECT FROM delivery GROUP BY complaint, seq, audience, kind HAVING count(*) > 1) twice) AS told_twice`);
    await client.end();
    expect(counted).toEqual({ complaints: CASES, customers: CASES, told_twice: 0 });
    expect(await replayAll(setUp)).toEqual({ cases: CASES, different: 0, findings: [] });
  }, 240_000);
});
