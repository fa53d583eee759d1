import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clocksOf } from '../../domain/complaint/standing.js';
import { standing } from '../../prisma/gauges.js';
import { record } from '../../prisma/record.js';
import { openGauges } from '../../telemetry/gauges.js';
import { samplesOf } from './given.js';
import { openDatabase } from '../../prisma/database.js';
import { startProxy } from '../harness/proxy.js';
import { ann, answerOf, filed, place, type Place } from '../prisma/given.js';

const MANY = 25_000;
let here: Place;
let sql: pg.Client;

beforeAll(async () => {
  here = await place();
  sql = new pg.Client({ connectionString: here.url });
  await sql.connect();
  // as a database of one's own has it: what is committed late, a vacuum cannot know to be visible
  await sql.query('SET synchronous_commit = on');
});
afterAll(async () => {
  await sql.end();
  await here.database.close();
});

describe('what stands open', () => {
  it('counts each clock of a living case as it stands, and none of a closed one', async () => {
    const { row } = await filed(here, { actor: ann });
    expect((await standing(here.database)).clocks).toEqual([{ clocks: 'resolution:running response:running', cases: 1 }]);
    const events = answerOf(row.state, ann, 'answer', { message: randomUUID(), parts: null });
    const { state, head } = await record(here.database, { subject: 'complaint', id: row.id, events });
    const paused = answerOf(state, ann, 'pause', { reason: 'customer_information', note: null });
    await record(here.database, { subject: 'complaint', id: row.id, events: paused });
    expect((await standing(here.database)).clocks).toEqual([{ clocks: 'resolution:paused', cases: 1 }]);
    const closed = { seq: head + paused.length + 1, at: state.lastAt, by: 'system', role: 'system' as const, command: null, type: 'closed' as const, data: { clocks: [] } };
    await record(here.database, { subject: 'complaint', id: row.id, events: [closed] });
    expect((await standing(here.database)).clocks).toEqual([]);
  });

  it('a clock that warned of three quarters is due soon, and one past its budget breached', async () => {
    const { row: { state } } = await filed(here, { actor: ann });
    const with_ = (change: object) => clocksOf({ ...state, clocks: state.clocks.map((clock) => (clock.name === 'response' ? { ...clock, ...change } : clock)) }).find(({ name }) => name === 'response');
    expect(with_({ warned: [50] })).toEqual({ name: 'response', standing: 'running' });
    expect(with_({ warned: [50, 75] })).toEqual({ name: 'response', standing: 'due_soon' });
    expect(with_({ warned: [50, 75], breachedAt: state.receivedAt })).toEqual({ name: 'response', standing: 'breached' });
    expect(with_({ end: 'stopped' })).toBeUndefined();
  });

  it('the migration fills in for what is there already what is written from now on', async () => {
    const { row } = await filed(here, { actor: ann });
    const events = answerOf(row.state, ann, 'answer', { message: randomUUID(), parts: null });
    const { state } = await record(here.database, { subject: 'complaint', id: row.id, events });
    const paused = answerOf(state, ann, 'pause', { reason: 'customer_availability', note: null });
    await record(here.database, { subject: 'complaint', id: row.id, events: paused });
    const written = await clocksIn();
    const migration = await readFile('prisma/migrations/0003_clocks_of_open_cases/migration.sql', 'utf8');
    const update = /UPDATE[\s\S]*?;\n/.exec(migration.replace(/--.*\n/g, ''))?.[0] ?? '';
    await sql.query('UPDATE complaint SET clocks = NULL');
    await sql.query(update);
    expect(await clocksIn()).toEqual(written);
    expect(Object.values(written)).toContain('resolution:paused');
  });

  async function clocksIn(): Promise<Record<string, string>> {
    const { rows } = await sql.query<{ id: string; clocks: string }>('SELECT id, clocks FROM complaint WHERE closed_at IS NULL');
    return Object.fromEntries(rows.map(({ id, clocks }) => [id, clocks]));
  }
});

describe(`with ${String(MANY)} cases, intents and deliveries`, () => {
  beforeAll(async () => {
    await sql.query(`
      INSERT INTO complaint SELECT n.* FROM complaint c, generate_series(1, ${String(MANY)}) i, jsonb_populate_record(c, jsonb_build_object(
        'id', gen_random_uuid(), 'tracking_digest', gen_random_uuid(), 'due_at', now() + (i - 500) * interval '1 minute',
        'clocks', CASE i % 4 WHEN 0 THEN 'resolution:running response:running' WHEN 1 THEN 'resolution:due_soon' WHEN 2 THEN 'plan:running plan:running resolution:paused' ELSE 'resolution:breached' END)) n WHERE c.id = (SELECT id FROM complaint WHERE closed_at IS NULL LIMIT 1)`);
    await sql.query(`
      INSERT INTO intent SELECT n.* FROM intent c, generate_series(1, ${String(MANY)}) i, jsonb_populate_record(c, jsonb_build_object(
        'id', gen_random_uuid(), 'key_digest', null, 'state', CASE WHEN i % 5 = 0 THEN 'open' ELSE 'done' END, 'kind', CASE WHEN i % 2 = 0 THEN 'start' ELSE 'command' END)) n WHERE c.id = (SELECT id FROM intent LIMIT 1)`);
    // nobody is there to deliver anything: all of it waits
    await sql.query(`
      INSERT INTO delivery SELECT n.* FROM delivery c, generate_series(1, ${String(MANY)}) i, jsonb_populate_record(c, jsonb_build_object(
        'id', gen_random_uuid(), 'seq', 1000 + i, 'state', 'pending', 'audience', CASE WHEN i % 3 = 0 THEN 'staff' ELSE 'customer' END)) n WHERE c.id = (SELECT id FROM delivery LIMIT 1)`);
    await sql.query('VACUUM ANALYZE complaint, intent, delivery');
  });

  it('no statement reads a whole table', async () => {
    here.statements.length = 0;
    await standing(here.database);
    expect(questions()).toHaveLength(4);
    await expectNoScans();
  });

  it('nor while half of the rows have just changed, and the visibility map knows nothing', async () => {
    await sql.query(`UPDATE complaint SET head = head + 1 WHERE clocks < 'resolution:d'; ANALYZE complaint`);
    await expectNoScans();
  });

  it('counts, and stops counting a backlog at ten thousand', async () => {
    const found = await standing(here.database);
    expect(found.clocks.find(({ clocks }) => clocks === 'resolution:breached')?.cases).toBe(MANY / 4);
    expect(found.intents.find(({ kind }) => kind === 'start')?.open).toBeGreaterThanOrEqual(MANY / 10);
    expect(found.deliveries).toContainEqual(expect.objectContaining({ audience: 'customer', pending: 10_000 }));
    expect(found.due.overdue).toBeGreaterThanOrEqual(490);
    expect(found.due['15m']).toBeGreaterThanOrEqual(14);
    expect(found.due['4h']).toBeGreaterThanOrEqual(170);
  });

  it.each(['no-way', 'off-hours'])('counts no delivery that only waits for its recipient to be reachable (%s), nor what waits behind it', async (failure) => {
    await sql.query(`UPDATE delivery SET failure = $1, due_at = now() + interval '1 hour' WHERE audience = 'customer' AND state = 'pending'`, [failure]);
    // what has come since, and has not been looked at
    await sql.query(`
      INSERT INTO delivery SELECT n.* FROM delivery d, jsonb_populate_record(d, jsonb_build_object(
        'id', gen_random_uuid(), 'kind', 'zz', 'failure', null, 'due_at', now())) n WHERE d.failure = $1`, [failure]);
    expect((await standing(here.database)).deliveries.find(({ audience }) => audience === 'customer')).toBeUndefined();
    // nobody looks at them when it is time to: then they wait for us
    await sql.query(`UPDATE delivery SET due_at = now() - interval '1 minute' WHERE failure = $1`, [failure]);
    await sql.query(`UPDATE delivery SET created_at = now() - interval '3 days' WHERE failure = $1`, [failure]);
    const late = (await standing(here.database)).deliveries.find(({ audience }) => audience === 'customer');
    expect([late?.pending, Math.round((late?.oldest ?? 0) / 60)]).toEqual([10_000, 1]);
    expect((await sql.query(`DELETE FROM delivery WHERE kind = 'zz'`)).rowCount).toBeGreaterThan(MANY / 2);
    await sql.query(`UPDATE delivery SET failure = NULL WHERE failure = $1`, [failure]);
  });

  it('asks no more often than it is meant to, however often it is scraped', async () => {
    const registry = new Registry();
    const refresh = openGauges(registry, here.database, 60_000);
    here.statements.length = 0;
    await Promise.all([refresh(), refresh()]);
    await refresh();
    expect(questions()).toHaveLength(4);
    const samples = samplesOf(await registry.metrics());
    expect(samples).toContainEqual({ name: 'threefold_clocks', labels: { clock: 'plan', state: 'running' }, value: MANY / 2 });
  });

  it('a database that did not answer is asked again as soon as one that did', async () => {
    const proxy = await startProxy(new URL(here.url).host);
    const url = Object.assign(new URL(here.url), { host: proxy.address }).href;
    const database = openDatabase({ url, timeoutMs: 300 });
    const registry = new Registry();
    const refresh = openGauges(registry, database, 1);
    const up = async () => {
      await refresh();
      return samplesOf(await registry.metrics()).find(({ name }) => name === 'threefold_database_up')?.value;
    };
    proxy.swallow();
    expect(await up()).toBe(0);
    await proxy.pass();
    expect(await up()).toBe(1);
    await database.close();
    await proxy.close();
  });

  interface Node { 'Node Type': string; 'Relation Name'?: string; Plans?: Node[] }

  const questions = () => here.statements.filter((statement) => /^\s*(SELECT|WITH)/.test(statement));

  /** Each as it is asked: one that says how it wants to be planned says so first. */
  async function expectNoScans(): Promise<void> {
    for (const statement of questions()) {
      const settings = here.statements.slice(0, here.statements.indexOf(statement)).includes('SET LOCAL enable_seqscan = off') && statement.includes('RECURSIVE');
      await sql.query(`BEGIN; ${settings ? 'SET LOCAL enable_seqscan = off' : ''}`);
      expect({ statement, scans: scansIn(await planOf(statement)) }).toEqual({ statement, scans: [] });
      await sql.query('COMMIT');
    }
  }

  async function planOf(statement: string): Promise<Node> {
    const { rows: [row] } = await sql.query<{ 'QUERY PLAN': { Plan: Node }[] }>(`EXPLAIN (FORMAT JSON) ${statement}`);
    return row!['QUERY PLAN'][0]!.Plan;
  }

  function scansIn(node: Node): string[] {
    const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [];
    return [...own, ...(node.Plans ?? []).flatMap(scansIn)];
  }
});
