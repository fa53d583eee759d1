import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { translate } from '../../api/problem/translate.js';
import { reconcilingOf } from '../../bin/parts.js';
import type { Actor } from '../../domain/event.js';
import { CaseLost } from '../../engine/failure.js';
import { TASK_QUEUE, workflowId } from '../../engine/ids.js';
import { reconcile, startReconciler, type Orphan, type OrphanCounts } from '../../engine/reconciler.js';
import { liveState } from '../harness/live.js';
import { startSystem, until, word, type System } from '../harness/system.js';

const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };

/** Design: terminating a workflow by hand is not a way to end a case, and it shows. */
describe('what lives in the record and what runs in the engine', () => {
  let system: System;
  const cases: string[] = [];
  const deps = () => reconcilingOf(system.parts);

  async function orphans(): Promise<Orphan[]> {
    const found: Orphan[] = [];
    for await (const orphan of reconcile(deps(), { pageSize: 2, betweenMs: 0, settledMs: 0 })) found.push(orphan);
    return found;
  }

  beforeAll(async () => {
    system = await startSystem();
    for (let n = 0; n < 5; n += 1) cases.push((await system.file(ann)).id);
    for (const id of cases) await until(() => liveState(system.parts, id), 'the start');
    await until(async () => (await system.parts.database.client.intent.count({ where: { state: 'open' } })) === 0, 'the starts to be marked');
  });
  afterAll(() => system.stop());

  it('agree, also while the list of the engine lags behind', async () => {
    expect(await orphans()).toEqual([]);
  });

  it('differ when a workflow was terminated; a command on its case is answered so, and nothing of it is kept', async () => {
    const [id = ''] = cases;
    await system.parts.client.workflow.getHandle(workflowId('complaint', id)).terminate();
    await until(async () => (await orphans()).length === 1, 'the orphan');
    expect(await orphans()).toEqual([{ kind: 'case', subject: 'complaint', id, status: 'TERMINATED' }]);

    const count = () => system.parts.database.query`SELECT (SELECT count(*) FROM intent) AS intents, (SELECT count(*) FROM words) AS words`;
    const before = await count();
    const lost = await system.command(id, ann, 'note', { text: word() }).catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(CaseLost);
    expect(translate(lost)).toMatchObject({ status: 500, code: 'case-lost' });
    expect(await count()).toEqual(before);
  });

  it('differ when the engine was brought back from before what is recorded; nothing is done, and nothing of it is kept', async () => {
    const [, id = ''] = cases;
    const { query } = system.parts.database;
    await query`UPDATE complaint SET head = head + 2 WHERE id = ${id}::uuid`;
    const count = () => query`SELECT (SELECT count(*) FROM intent) AS intents, (SELECT count(*) FROM words) AS words`;
    const before = await count();
    expect(await system.command(id, ann, 'note', { text: word() }).catch((error: unknown) => error)).toBeInstanceOf(CaseLost);
    expect(await count()).toEqual(before);
    await query`UPDATE complaint SET head = head - 2 WHERE id = ${id}::uuid`;
  });

  it('differ when something runs that the record does not know', async () => {
    const id = randomUUID();
    await system.parts.client.workflow.start('complaint', { workflowId: workflowId('complaint', id), taskQueue: `${TASK_QUEUE}-none`, args: [] });
    const strays = async () => (await orphans()).filter(({ kind }) => kind === 'workflow');
    await until(async () => (await strays()).length === 1, 'the stray');
    expect(await strays()).toEqual([{ kind: 'workflow', subject: 'complaint', id }]);
    const counts: OrphanCounts[] = [];
    await system.parts.database.execute`DELETE FROM duty`;
    const one = startReconciler(deps(), {
      everyMs: 60_000, settledMs: 0, betweenMs: 0,
      onOrphan: () => undefined, onOrphans: (found) => counts.push(found), onFailure: (error) => { throw error; },
    });
    await until(() => Promise.resolve(counts.length > 0), 'the comparison');
    await one.stop();
    expect(counts).toEqual([{ case: 1, workflow: 1 }]);
    await system.parts.client.workflow.getHandle(workflowId('complaint', id)).terminate();
    await until(async () => (await strays()).length === 0, 'the end of the stray');
  });

  it('are compared by one worker for all of them', async () => {
    const counts: OrphanCounts[] = [];
    const named: string[] = [];
    const options = {
      everyMs: 3_000, settledMs: 0, betweenMs: 0,
      onOrphan: ({ id }: Orphan) => named.push(id), onOrphans: (found: OrphanCounts) => counts.push(found), onFailure: (error: unknown) => { throw error; },
    };
    await system.parts.database.execute`DELETE FROM duty`;
    const all = [1, 2, 3].map(() => startReconciler(deps(), options));
    await until(() => Promise.resolve(counts.length > 0), 'the comparison');
    await pause(500);
    await Promise.all(all.map((one) => one.stop()));
    expect({ counts, named }).toEqual({ counts: [{ case: 1, workflow: 0 }], named: [cases[0]] });
  });

  it('are no longer compared once the worker is told to stop, or another has taken its place', async () => {
    let asked = 0;
    const found: Orphan[] = [];
    const goesOn = () => Promise.resolve(++asked < 2);
    for await (const orphan of reconcile(deps(), { pageSize: 1, betweenMs: 0, settledMs: 0, goesOn })) found.push(orphan);
    expect(asked).toBe(2);

    await system.parts.database.execute`DELETE FROM duty`;
    const counts: OrphanCounts[] = [];
    const slow = startReconciler(deps(), {
      everyMs: 60_000, pageSize: 1, settledMs: 0, betweenMs: 60_000,
      onOrphan: () => undefined, onOrphans: (found) => counts.push(found), onFailure: (error) => { throw error; },
    });
    await until(async () => (await system.parts.database.query`SELECT FROM duty WHERE name = 'reconcile'`).length === 1, 'its turn');
    await slow.stop();
    expect(counts).toEqual([]);
  });

  it('are compared by one worker also when it takes longer than its turn', async () => {
    await system.parts.database.execute`DELETE FROM duty`;
    const counts: OrphanCounts[] = [];
    const options = {
      everyMs: 400, pageSize: 1, settledMs: 0, betweenMs: 150,
      onOrphan: () => undefined, onOrphans: (found: OrphanCounts) => counts.push(found), onFailure: (error: unknown) => { throw error; },
    };
    const all = [1, 2].map(() => startReconciler(deps(), options));
    await until(() => Promise.resolve(counts.length > 0), 'the comparison');
    await Promise.all(all.map((one) => one.stop()));
    expect(counts).toEqual([{ case: 1, workflow: 0 }]);
  });
});
