import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedCase, filing, idOf, startSite, until, type Site } from '../http/given.js';

const opening = (complaints: string[]) => ({ title: 'broken parcels', complaints });

describe('an investigation that begins with complaints (spec: api, investigations)', () => {
  let site: Site;
  beforeAll(async () => { site = await startSite(); });
  afterAll(() => site.stop());

  it('links each of them once, and a repeated request is answered as the first was', async () => {
    const complaints = [idOf(await site.filed('ann')), idOf(await site.filed('ann'))];
    const key = { 'Idempotency-Key': 'opening' };
    const first = await site.call('quinn', 'POST', '/v1/investigations', opening([...complaints, complaints[0]?.toUpperCase() ?? '']), key);
    expect({ status: first.status, told: first.told }).toMatchObject({ status: 201, told: { version: 3, complaints: expect.arrayContaining(complaints) } });
    expect(first.headers.get('ETag')).toBe('"3"');
    for (const id of complaints) expect((await site.call('ann', 'GET', `/v1/complaints/${id}`)).told['investigation']).toBe(first.told['id']);

    await site.does('quinn', `/v1/investigations/${String(first.told['id'])}/causes`, { category: 'method', text: 'c' });
    const kept = await site.kept();
    const again = await site.call('quinn', 'POST', '/v1/investigations', opening([...complaints, complaints[0]?.toUpperCase() ?? '']), key);
    expect([again.status, again.told]).toEqual([201, first.told]);
    expect(await site.kept()).toEqual(kept);
    expect((await site.call('quinn', 'POST', '/v1/investigations', opening([]), key)).told['code']).toBe('key-reused');
    expect(await site.parts.audit.replay('investigation', String(first.told['id']))).toMatchObject({ deterministic: true, differences: [] });
  });

  it('is refused, and leaves nothing, when one of them cannot be linked', async () => {
    const [free, taken, over] = [idOf(await site.filed('ann')), idOf(await site.filed('ann')), idOf(await closedCase(site))];
    await site.does('quinn', '/v1/investigations', opening([taken]), 201);
    const kept = await site.kept();
    for (const [id, status, code] of [[taken, 409, 'already-linked'], [over, 409, 'closed'], ['00000000-0000-4000-8000-000000000000', 422, 'unknown-code']] as const) {
      const { told } = await site.call('quinn', 'POST', '/v1/investigations', opening([free, id]));
      expect(told).toMatchObject({ status, code, errors: [{ path: 'complaints.1' }] });
    }
    expect(await site.kept()).toEqual(kept);
  });
});

describe('when whoever took it dies before the links (design: intent)', () => {
  let site: Site;
  beforeAll(async () => { site = await startSite({ worker: false }); });
  afterAll(() => site.stop());

  it('they are written down with it, and are made once somebody sweeps', async () => {
    const complaints = await Promise.all([1, 2].map(async () => String((await site.does('ann', '/v1/complaints', filing(), 201))['id'])));
    const key = { 'Idempotency-Key': 'opening' };
    const began = Date.now();
    const first = await site.call('quinn', 'POST', '/v1/investigations', opening(complaints), key);
    expect({ status: first.status, told: first.told }).toMatchObject({ status: 201, told: { version: 1, complaints: [] } });
    expect(Date.now() - began).toBeLessThan(6000);
    const { intent } = site.parts.database.client;
    expect(await intent.count({ where: { name: 'investigate', state: 'open', subject_id: { in: complaints } } })).toBe(2);

    await site.startWorker();
    await until(async () => {
      await intent.updateMany({ where: { state: 'open' }, data: { lease_until: new Date(0) } });
      const { told } = await site.call('quinn', 'GET', `/v1/investigations/${String(first.told['id'])}`);
      return [...(told['complaints'] as string[])].sort().join() === [...complaints].sort().join();
    }, 'both links');
    expect((await site.call('quinn', 'POST', '/v1/investigations', opening(complaints), key)).told).toEqual(first.told);
  });
});
