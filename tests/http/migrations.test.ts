import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../../bin/worker.js';
import { listOf, startSite, until, type Site } from './given.js';

let site: Site;
let worker: RunningWorker;
const day = [['00:00', '12:00']];
const week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
const long = { response: 'PT400H', resolution: 'PT400H' };
const before = { name: 'before', tiers: { general: long, serious: long, urgent: long } };
const after = { name: 'after', calendar: 'mornings', tiers: { general: { response: 'PT120H' }, serious: {}, urgent: {} }, statutory: ['cn-financial'] };

beforeAll(async () => {
  site = await startSite({ worker: false });
  worker = await site.startWorker();
  await site.does('adm', '/v1/calendars', { name: 'mornings', zone: 'UTC', week }, 201);
  await site.does('adm', '/v1/policies', before, 201);
  await site.does('adm', '/v1/policies', after, 201);
});
afterAll(() => site.stop());

const clocks = (told: Record<string, unknown>) => Object.fromEntries(listOf(told, 'clocks').map((clock) => [String(clock['id']), clock]));
const read = async (path: string) => (await site.call('ann', 'GET', path)).told;
/** Longer than a lease of one who has died with it, a few times over: in a cluster workers die every few seconds. */
const DONE_MS = 150_000;
const done = (path: string) => until(async () => (await site.call('aud', 'GET', path)).told['state'] === 'done', 'the migration', DONE_MS);

describe('a migration of open cases', () => {
  it('is tried first, then done in each case as an event, and what was tried is what it did', async () => {
    const cases = await Promise.all([1, 2, 3].map(() => site.filed('ann', { policy: 'before' })));
    const other = await site.filed('ann');
    const body = { from: { name: 'before' }, limit: 2 };
    const first = await site.does('adm', '/v1/policies/after/1/migrations/dry-run', body);
    const second = await site.does('adm', '/v1/policies/after/1/migrations/dry-run', { ...body, cursor: first['next'] });
    const tried = [...listOf(first, 'items'), ...listOf(second, 'items')];
    expect(tried.map((one) => `/v1/complaints/${String(one['complaint'])}`).sort()).toEqual([...cases].sort());
    expect([first['next'], second['next']]).toEqual([expect.any(String), null]);
    for (const path of cases) expect((await read(path))['policy']).toEqual({ name: 'before', version: 1 });

    const asked = await site.call('adm', 'POST', '/v1/policies/after/1/migrations', { from: { name: 'before', version: 1 } }, { 'Idempotency-Key': 'm1' });
    expect(asked).toMatchObject({ status: 202, told: { policy: { name: 'after', version: 1 }, calendars: { mornings: 1 }, by: 'adm', askedAllAt: null, state: 'running' } });
    const migration = String(asked.headers.get('Location'));
    await done(migration);
    expect((await site.call('adm', 'GET', migration)).told).toMatchObject({ asked: 3, waiting: 0, migrated: 3 });
    const again = await site.call('adm', 'POST', '/v1/policies/after/1/migrations', { from: { name: 'before', version: 1 } }, { 'Idempotency-Key': 'm1' });
    expect(again.told['id']).toBe(asked.told['id']);

    for (const one of tried) {
      const told = await read(`/v1/complaints/${String(one['complaint'])}`);
      expect(told['policy']).toEqual({ name: 'after', version: 1 });
      const [event] = listOf((await site.call('aud', 'GET', `/v1/complaints/${String(one['complaint'])}/timeline`)).told, 'items').slice(-1);
      expect(event).toMatchObject({ type: 'policy_migrated', by: 'adm', role: 'admin', data: { migration: asked.told['id'], from: { name: 'before' }, to: { name: 'after' } } });
      const now = clocks(told);
      const seen = listOf(one, 'clocks');
      expect(seen.map(({ id }) => id).sort()).toEqual(Object.keys(now).sort());
      for (const clock of seen) {
        const { after: due } = clock['dueAt'] as { after: string };
        // the clocks that go over to the mornings used some milliseconds more around the clock by the time they did
        const isClose = Math.abs(Date.parse(due) - Date.parse(String(now[String(clock['id'])]?.['dueAt']))) < 60_000;
        expect([clock['id'], isClose]).toEqual([clock['id'], true]);
      }
      expect(now['statutory-cn-financial-1']).toMatchObject({ scope: 'statutory', startedAt: told['receivedAt'] });
    }
    expect((await read(other))['policy']).toEqual({ name: 'default', version: 1 });
    const [path = ''] = cases;
    await site.does('ann', `${path}/extend`, { extension: 'complex', reason: 'many papers' });
    for (const one of [path, other]) {
      expect((await site.call('aud', 'POST', `${one}/replay`)).told).toMatchObject({ deterministic: true, differences: [] });
    }
  });

  it('goes on where it was when workers die, and asks nobody twice', async () => {
    const cases = await Promise.all([1, 2, 3, 4].map(() => site.filed('ann', { policy: 'before' })));
    await worker.stop();
    const { id } = await site.does('adm', '/v1/policies/after/1/migrations', { from: { name: 'before' } }, 202);
    const path = `/v1/policy-migrations/${String(id)}`;
    expect((await site.call('aud', 'GET', path)).told).toMatchObject({ asked: 0, state: 'running' });
    worker = await site.startWorker();
    await until(async () => Number((await site.call('aud', 'GET', path)).told['asked']) > 0, 'the first cases');
    await worker.stop();
    worker = await site.startWorker();
    await done(path);
    // once more finds them there already
    const again = await site.does('adm', '/v1/policies/after/1/migrations', { from: { name: 'after' } }, 202);
    await done(`/v1/policy-migrations/${String(again['id'])}`);
    expect((await site.call('aud', 'GET', `/v1/policy-migrations/${String(again['id'])}`)).told).toMatchObject({ asked: 7, waiting: 0, migrated: 0 });
    for (const one of cases) {
      const types = listOf((await site.call('aud', 'GET', `${one}/timeline`)).told, 'items').map(({ type }) => type);
      expect(types.filter((type) => type === 'policy_migrated')).toHaveLength(1);
    }
  });

  it('is for admins, of policies that there are', async () => {
    expect((await site.call('sue', 'POST', '/v1/policies/after/1/migrations', { from: null })).status).toBe(403);
    expect((await site.call('sue', 'POST', '/v1/policies/after/1/migrations/dry-run', {})).status).toBe(403);
    expect((await site.call('adm', 'POST', '/v1/policies/after/9/migrations', { from: null })).status).toBe(404);
    expect((await site.call('adm', 'POST', '/v1/policies/after/1/migrations/dry-run', { cursor: 'x' })).told).toMatchObject({ status: 422, errors: [{ path: 'cursor' }] });
    expect((await site.call('adm', 'GET', '/v1/policy-migrations/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    await site.does('adm', '/v1/policies/before/1/migrations', { from: { name: 'nothing' } }, 202);
    const key = { 'Idempotency-Key': 'm2' };
    await site.call('adm', 'POST', '/v1/policies/after/1/migrations', { from: { name: 'nothing' } }, key);
    expect((await site.call('adm', 'POST', '/v1/policies/after/1/migrations', { from: { name: 'nobody' } }, key)).told['code']).toBe('key-reused');
  });
});

describe('a regulator’s limit over HTTP', () => {
  it('is extended, asked for and approved by two people, and the customer reads of it', async () => {
    const statutory = { name: 'bank', statutory: ['cn-financial'], tiers: { general: long, serious: long, urgent: long } };
    expect((await site.does('adm', '/v1/policies', statutory, 201))['warnings']).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'statute-first' })]));
    const path = await site.filed('ann', { policy: 'bank' });
    const { receivedAt, trackingCode } = await read(path);
    const days = (n: number) => new Date(Date.parse(String(receivedAt)) + n * 86_400_000).toISOString();
    const limit = async () => clocks(await read(path))['statutory-cn-financial-1'];
    expect(await limit()).toMatchObject({ name: 'statutory', scope: 'statutory', state: 'running', dueAt: days(15), budgetSeconds: 15 * 86_400 });
    expect((await site.call('ann', 'POST', `${path}/extend`, { extension: 'approved', reason: 'x' })).told).toMatchObject({ status: 409, code: 'extension-order' });
    await site.does('ann', `${path}/extend`, { extension: 'complex', reason: 'many papers' });
    expect(await limit()).toMatchObject({ dueAt: days(30) });
    await site.does('ann', `${path}/extend`, { statute: 'cn-financial', extension: 'approved', reason: 'more papers' });
    expect((await site.call('sam', 'POST', `${path}/approve-extension`, {})).told).toMatchObject({ status: 403, code: 'rung-too-low' });
    expect((await site.call('eve', 'POST', `${path}/refuse-extension`, { reason: 'not yet' })).status).toBe(200);
    await site.does('ann', `${path}/extend`, { extension: 'approved', reason: 'even more papers' });
    const told = await site.does('eve', `${path}/approve-extension`);
    expect(told['extensions']).toMatchObject([
      { extension: 'complex', state: 'granted', approval: null }, { extension: 'approved', state: 'refused' },
      { extension: 'approved', state: 'granted', approval: 3, requestedBy: 'ann', decidedBy: 'eve' },
    ]);
    expect(await limit()).toMatchObject({ dueAt: days(60) });
    const tracked = (await site.call(null, 'GET', `/v1/track/${String(trackingCode)}`, undefined, { 'Accept-Language': 'zh' })).told;
    expect(listOf(tracked, 'course').at(-1)).toMatchObject({ step: 'extended', text: expect.stringContaining(days(60).slice(0, 10)) });
    expect((await site.call('aud', 'POST', `${path}/replay`)).told).toMatchObject({ deterministic: true, differences: [] });
    expect(listOf((await site.call('ann', 'GET', '/v1/statutory-packs')).told, 'items')).toMatchObject([{ name: 'cn-financial' }]);
  });
});
