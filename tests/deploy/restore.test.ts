import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintById } from '../../prisma/complaints.js';
import { publishPolicy } from '../../prisma/policies.js';
import { beginMigration } from '../../prisma/policyMigrations.js';
import { ann, customer, quinn, sam, sue } from '../harness/people.js';
import { startSystem, until, word, type System } from '../harness/system.js';
import { before as underBefore, desk } from '../workflows/policies.js';
import { root } from './context.js';

/** docs/operations.md, backup and restore: whatever becomes of the engine, Postgres is enough to go on from. */
describe('an engine that was lost is built anew from the record', () => {
  let before: System;
  let after: System;
  const cases = { handled: '', escalated: '', investigated: '', migrated: '', closed: '' };
  let investigation = '';

  beforeAll(async () => {
    before = await startSystem();
    for (const name of ['handled', 'escalated', 'investigated', 'closed'] as const) cases[name] = (await before.file(ann)).id;
    await before.command(cases.handled, ann, 'answer', { message: word(), parts: null });
    await resolve(cases.handled);
    await escalate(cases.escalated);
    investigation = await investigate(cases.investigated);
    await close(cases.closed);
    cases.migrated = await migrated();
    await before.stop();
    // all that is left: the database, and a namespace with nothing in it
    after = await startSystem({ worker: false, database: before.databaseUrl });
  });

  afterAll(async () => {
    await after.stop();
  });

  const resolve = (id: string) => before.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
  const rowOf = async (id: string, { parts } = before) => (await complaintById(parts.database, id))!;

  async function escalate(id: string): Promise<void> {
    const { customer: owner } = await rowOf(id);
    await before.engine.escalate({ id, actor: sue, data: { reason: word(), to: 1 }, words: [], owner, key: null });
    await until(async () => (await rowOf(id)).state.rung === 1, 'the escalation');
  }

  async function investigate(id: string): Promise<string> {
    const title = word();
    const opened = await before.engine.openInvestigation({ actor: quinn, key: null, words: [{ ref: title, text: 'broken' }], data: { title, type: null }, complaints: [] });
    if ('refusal' in opened) throw new Error(opened.refusal.code);
    const found = opened.state.id;
    await before.command(id, quinn, 'investigate', { investigation: found });
    await until(async () => (await before.parts.database.client.investigation.findUnique({ where: { id: found } }))?.head === 2, 'the link');
    await before.investigate(found, quinn, 'cause', { category: 'method', text: word(), whys: [word(), word(), word()] });
    await before.investigate(found, quinn, 'finding', { cause: 'c1', root: true, note: word() });
    await until(async () => (await rowOf(id)).state.news.rootAt !== null, 'the news of the root');
    return found;
  }

  /** Filed under one policy, and put under another whose clocks are on a calendar. */
  async function migrated(): Promise<string> {
    const { database } = before.parts;
    for (const policy of [underBefore, desk]) await publishPolicy(database, policy, 'ada');
    const { id } = await before.file(ann, { policy: { name: underBefore.name, version: 1 } });
    const to = { policy: { name: desk.name, version: 1 }, calendars: { office: 1 } };
    await beginMigration(database, { ...to, from: { name: underBefore.name, version: null }, by: 'ada' }, null);
    await until(async () => (await rowOf(id)).state.policy.name === desk.name, 'the migration');
    return id;
  }

  async function close(id: string): Promise<void> {
    await resolve(id);
    await before.command(id, customer, 'followUp', { satisfied: true, score: null, comment: null });
    await before.command(id, sue, 'attribute', { nature: 'customer', shares: [], note: word() });
    await before.command(id, sam, 'decide', { upheld: true, nature: null, shares: null, handling: word(), note: word() });
    await before.command(id, sue, 'waive', { reason: word() });
    await before.command(id, sam, 'approveWaiver', {});
    await until(async () => (await before.parts.database.client.history.count({ where: { id } })) === 1, 'the stored history');
  }

  it('which then holds, of all that is not closed, what it held: a replay finds no difference', async () => {
    expect(await after.parts.audit.replay('complaint', cases.handled)).toBeNull();
    const client = new pg.Client({ connectionString: before.databaseUrl });
    await client.connect();
    const rebuild = readFileSync(join(root, 'deploy/restore/rebuild.sql'), 'utf8');
    const open = async () => (await client.query<{ id: string }>(`SELECT subject_id AS id FROM intent WHERE state = 'open'`)).rows.map(({ id }) => id);
    // one of them alone, then all
    await client.query(`SET threefold.id = '${cases.handled}'`);
    await client.query(rebuild);
    expect(await open()).toEqual([cases.handled]);
    await client.query('RESET threefold.id');
    await client.query(rebuild);
    expect((await open()).sort()).toEqual([cases.handled, cases.escalated, cases.investigated, cases.migrated, investigation].sort());
    await client.end();
    await after.startWorker();
    for (const id of [cases.handled, cases.escalated, cases.investigated, cases.migrated]) {
      await until(() => after.parts.audit.replay('complaint', id), 'the start');
      expect(await after.parts.audit.replay('complaint', id)).toMatchObject({ deterministic: true, differences: [] });
    }
    await until(() => after.parts.audit.replay('investigation', investigation), 'the start');
    expect(await after.parts.audit.replay('investigation', investigation)).toMatchObject({ deterministic: true, differences: [] });
  });

  it('and cases go on from where they were', async () => {
    const { version } = await after.command(cases.handled, ann, 'note', { text: word() });
    expect(version).toBe((await rowOf(cases.handled, after)).head);
    // its clocks are on a calendar that only the policy has that it was put under
    await after.command(cases.migrated, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
    await until(async () => (await rowOf(cases.migrated, after)).state.followUp.attempts === 1, 'the first attempt');
    await after.investigate(investigation, quinn, 'measure', {
      cause: 'c1', text: word(), owner: 'lou', dueAt: new Date(Date.now() + 60_000).toISOString(),
      goal: { metric: word(), baseline: 10, target: 2, direction: 'down' }, observeDays: 0,
    });
    await until(async () => (await rowOf(cases.investigated, after)).state.news.measureAt !== null, 'the news of the measure');
    for (const [subject, id] of [['complaint', cases.handled], ['complaint', cases.migrated], ['complaint', cases.investigated], ['investigation', investigation]] as const) {
      expect(await after.parts.audit.replay(subject, id), id).toMatchObject({ deterministic: true, differences: [] });
    }
  });

  it('while closed cases stay closed, with the history that was stored', async () => {
    expect(await after.parts.temporal.hasEnded('complaint', cases.closed)).toBe(false);
    expect(await after.parts.audit.replay('complaint', cases.closed)).toMatchObject({ deterministic: true, differences: [] });
  });
});
