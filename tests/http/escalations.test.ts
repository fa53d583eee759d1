import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../../bin/worker.js';
import { inCluster } from './clusterSite.js';
import { closedCase, listOf, startSite, until, type Site } from './given.js';

let site: Site;
let worker: RunningWorker;
beforeAll(async () => {
  site = await startSite({ worker: false });
  worker = await site.startWorker();
});
afterAll(() => site.stop());

const read = async (path: string) => (await site.call('ann', 'GET', path)).told;
const raised = (path: string, rung: number) => until(async () => (await read(path))['rung'] === rung, `rung ${String(rung)}`);
const types = async (path: string) => listOf((await site.call('aud', 'GET', `${path}/timeline?limit=200`)).told, 'items').map(({ type }) => type);

describe('an escalation', () => {
  it('is signalled, visible, and acknowledged by somebody of its rung; the owner stays', async () => {
    const path = await site.filed('ann');
    const asked = await site.call('sue', 'POST', `${path}/escalations`, { reason: 'the press calls', to: 2 });
    expect(asked).toMatchObject({ status: 202, told: { to: 2, by: 'sue', reason: 'the press calls' } });
    await raised(path, 2);
    const seen = await read(path);
    expect(seen).toMatchObject({ owner: 'ann', assignee: 'ann', special: ['escalated'] });
    const [escalation] = listOf(seen, 'escalations');
    expect(escalation).toMatchObject({ from: 0, to: 2, cause: 'signal', clock: null, reason: 'the press calls', by: 'sue', acknowledgedBy: null, acknowledgedAt: null });
    const clock = async () => listOf(await read(path), 'clocks').find(({ name }) => name === 'acknowledge');
    expect(await clock()).toMatchObject({ state: 'running', budgetSeconds: 1800, scope: 'internal' });
    expect((await site.call('sue', 'POST', `${path}/acknowledge`, {})).told).toMatchObject({ status: 409, code: 'nothing-to-acknowledge' });
    const taken = await site.does('sam', `${path}/acknowledge`);
    expect(listOf(taken, 'escalations')).toEqual([expect.objectContaining({ acknowledgedBy: 'sam', acknowledgedAt: expect.any(String) })]);
    expect(await clock()).toMatchObject({ state: 'met', stoppedAt: expect.any(String) });
    // one rung up, to the top of the tier; past it the raise is recorded, once
    await until(async () => (await types(path)).includes('escalated'), 'the record');
    expect(await types(path)).toEqual(['received', 'accepted', 'escalated', 'acknowledged']);
  });

  it('to a rung it has or above the tier’s top is recorded as refused, and so is what an owner may not ask', async () => {
    const path = await site.filed('ann');
    await site.does('ann', `${path}/escalations`, { reason: 'help', to: 2 }, 202);
    await site.does('ann', `${path}/escalations`, { reason: 'help' }, 202);
    await raised(path, 1);
    await site.does('sue', `${path}/escalations`, { reason: 'again', to: 1 }, 202);
    await site.does('sue', `${path}/escalations`, { reason: 'to the top', to: 3 }, 202);
    await until(async () => (await types(path)).length === 6, 'the answers');
    const items = listOf((await site.call('aud', 'GET', `${path}/timeline`)).told, 'items');
    expect(items.slice(2).map(({ type, data }) => [type, data])).toEqual([
      ['escalation_refused', expect.objectContaining({ why: 'owner-only-to-1' })], ['escalated', expect.objectContaining({ from: 0, to: 1 })],
      ['escalation_refused', expect.objectContaining({ why: 'not-above-rung' })], ['escalation_refused', expect.objectContaining({ why: 'above-top' })],
    ]);
    expect((await read(path))['rung']).toBe(1);
  });

  it('comes from the customer too, to rung 1 and once a cycle', async () => {
    const path = await site.filed('web', { channel: 'web' });
    const code = String((await site.call('web', 'GET', path)).told['trackingCode']);
    for (let i = 0; i < 2; i += 1) await site.does(null, `/v1/track/${code}/escalations`, { reason: 'nobody answers' }, 202);
    await raised(path, 1);
    await until(async () => (await types(path)).length === 3, 'the second');
    expect(await types(path)).toEqual(['received', 'escalated', 'escalation_refused']);
    expect(listOf(await read(path), 'escalations')).toEqual([expect.objectContaining({ cause: 'customer', by: 'customer', from: 0, to: 1, reason: 'nobody answers' })]);
  });

  it('is taken while no worker runs, once under its key, and done when one is back', async () => {
    const path = await site.filed('ann');
    await worker.stop();
    const before = Date.now();
    const key = { 'Idempotency-Key': 'while-away' };
    const asked = await site.call('sue', 'POST', `${path}/escalations`, { reason: 'now' }, key);
    expect(asked.status).toBe(202);
    expect(Date.now() - before).toBeLessThan(3_000);
    const again = await site.call('sue', 'POST', `${path}/escalations`, { reason: 'now' }, key);
    expect([again.status, again.told]).toEqual([202, asked.told]);
    // reads are answered by the record meanwhile
    expect(await read(path)).toMatchObject({ rung: 0, version: 2, text: 'the parcel was broken' });
    worker = await site.startWorker();
    await raised(path, 1);
    const [escalation] = listOf(await read(path), 'escalations');
    expect(escalation).toMatchObject({ at: asked.told['at'], by: 'sue', cause: 'signal' });
    expect((await site.call('aud', 'POST', `${path}/replay`)).told).toMatchObject({ deterministic: true, differences: [] });
  });

  it('on a closed case is refused: 409 closed, by staff and by the customer', async () => {
    const path = await closedCase(site);
    const { trackingCode } = await read(path);
    const before = await site.kept();
    for (const [who, at, body] of [['sue', `${path}/escalations`, { reason: 'r', to: 2 }], [null, `/v1/track/${String(trackingCode)}/escalations`, { reason: 'r' }]] as const) {
      expect((await site.call(who, 'POST', at, body)).told).toMatchObject({ status: 409, code: 'closed' });
    }
    expect(await site.kept()).toEqual(before);
  });
});

// counted within one process
describe.skipIf(inCluster)('what a command costs', () => {
  const writes = (statements: string[]): number => {
    let open = false;
    let wrote = false;
    let transactions = 0;
    for (const sql of statements) {
      const verb = sql.trim().split(/\s+/)[0]?.toUpperCase() ?? '';
      const writing = /\b(INSERT INTO|UPDATE|DELETE FROM)\b/i.test(sql.replace(/FOR (NO KEY )?UPDATE/gi, ''));
      if (verb === 'BEGIN') [open, wrote] = [true, false];
      else if (verb === 'COMMIT' || verb === 'ROLLBACK') {
        if (wrote) transactions += 1;
        [open, wrote] = [false, false];
      } else if (writing && open) wrote = true;
      else if (writing) transactions += 1;
    }
    return transactions;
  };

  /** What was begun before, the start of a case say, does not count: it is waited for. */
  async function cost(ask: () => Promise<unknown>): Promise<{ calls: string[]; writes: number }> {
    await until(async () => (await site.parts.database.client.intent.count({ where: { state: 'open' } })) === 0, 'what is under way');
    site.statements.length = 0;
    site.calls.length = 0;
    await ask();
    return { calls: [...site.calls], writes: writes(site.statements) };
  }

  const share = [{ department: 'logistics', percent: 100, conduct: 'ordinary' }];
  const course: [string, string, Record<string, unknown>][] = [
    ['ann', 'accept', { note: 'mine' }], ['ann', 'answer', { message: 'sorry', parts: { apology: 'a' } }], ['ann', 'classify', { type: 'logistics', tier: 'serious', reason: 'r' }],
    ['ann', 'dispatch', { department: 'logistics', request: 'r' }], ['lou', 'plan', { request: 'r1', plan: 'p' }], ['ann', 'pause', { reason: 'customer_information' }],
    ['web', 'hear', { text: 'here' }], ['ann', 'note', { text: 'n' }], ['sue', 'acknowledge', {}], ['ann', 'resolve', { solution: 's', agreed: true }],
    ['bob', 'follow-up', { satisfied: true }], ['sue', 'attribute', { nature: 'process', shares: share, note: 'n' }], ['lou', 'agree', {}],
    ['sam', 'decide', { upheld: true, handling: 'h', note: 'n' }], ['sue', 'waive', { reason: 'r' }], ['sam', 'approve-waiver', {}],
  ];

  it('is one call to the engine and at most two write transactions, for every command from accept to closed', async () => {
    const path = await site.filed('web', { channel: 'web' });
    const costs: [string, unknown][] = [];
    for (const [i, [who, command, body]] of course.entries()) {
      const key = { 'Idempotency-Key': `cost-${String(i)}` };
      costs.push([command, await cost(() => site.call(who, 'POST', `${path}/${command}`, body, key).then(({ status }) => expect([command, status]).toEqual([command, 200])))]);
    }
    expect(costs).toEqual(course.map(([, command]) => [command, { calls: ['updateWorkflowExecution'], writes: 2 }]));
    expect((await read(path))['status']).toBe('closed');
  });

  it('is the same under the driver’s eye for a refusal, an escalation, a repeat, and an investigation', async () => {
    const path = await site.filed('ann');
    const key = { 'Idempotency-Key': 'cost' };
    expect(await cost(() => site.call('bob', 'POST', `${path}/answer`, { message: 'm' }))).toEqual({ calls: ['updateWorkflowExecution'], writes: 2 });
    expect(await cost(() => site.call('sue', 'POST', `${path}/escalations`, { reason: 'r' }))).toEqual({ calls: ['signalWorkflowExecution'], writes: 2 });
    await site.call('ann', 'POST', `${path}/answer`, { message: 'm' }, key);
    const repeated = await cost(() => site.call('ann', 'POST', `${path}/answer`, { message: 'm' }, key));
    expect(repeated.calls).toEqual([]);
    expect(repeated.writes).toBeLessThanOrEqual(1);
    const { id } = await site.does('quinn', '/v1/investigations', { title: 't' }, 201);
    expect(await cost(() => site.does('quinn', `/v1/investigations/${String(id)}/causes`, { category: 'method', text: 'c' })))
      .toEqual({ calls: ['updateWorkflowExecution'], writes: 2 });
  });

  it('of a read is no call, for a query can spoil a history (docs/decisions/0005)', async () => {
    const path = await site.filed('ann');
    for (const at of [path, `${path}/timeline`, '/v1/complaints']) expect(await cost(() => site.call('ann', 'GET', at))).toEqual({ calls: [], writes: 0 });
  });

  it('of an intake is one write transaction before the answer, and one call after it', async () => {
    let answered: string[] = [];
    const { calls, writes: written } = await cost(async () => {
      const { id } = await site.does('ann', '/v1/complaints', { channel: 'phone', text: 't', customer: { email: 'x@example.org' } }, 201);
      answered = [...site.statements];
      await until(async () => (await site.parts.database.client.intent.findFirst({ where: { subject_id: String(id), state: 'done' } })) !== null, 'the start');
    });
    expect(writes(answered)).toBeLessThanOrEqual(2);
    expect(written).toBe(2);
    // the look at what waits for workers is a few times a second at most, whatever there is to start
    expect(calls.filter((call) => call !== 'getSystemInfo' && call !== 'describeTaskQueue')).toEqual(['startWorkflowExecution']);
  });
});
