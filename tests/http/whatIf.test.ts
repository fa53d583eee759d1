import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedCase, listOf, startSite, until, type Site } from './given.js';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const asked = (policy: string, body: object = {}) => site.does('quinn', `/v1/policies/${policy}/1/what-if`, { ...body });

describe('what if past cases had been under another policy', () => {
  it('under their own nothing differs; under another, which breaches and rungs, and what could not have been done', async () => {
    const closed = await closedCase(site);
    const late = await site.filed('ann', { receivedAt: ago(3) });
    await site.does('ann', `${late}/answer`, { message: 'sorry' });
    await site.does('ann', `${late}/pause`, { reason: 'customer_information' });
    await site.does('sue', `${late}/escalations`, { reason: 'help', to: 2 }, 202);
    const own = await asked('default');
    expect(own).toMatchObject({ totals: { cases: 2, differing: 0, unknown: 0 }, next: null });
    expect(listOf(own, 'items').map(({ known, impossible }) => [known, impossible])).toEqual([[true, []], [true, []]]);

    await site.does('adm', '/v1/policies', { name: 'swift', tiers: { general: { response: 'PT1H', resolution: 'PT2H' }, serious: {}, urgent: {} }, pause: {} }, 201);
    const swift = await asked('swift');
    const items = listOf(swift, 'items');
    expect(items.map(({ complaint }) => `/v1/complaints/${String(complaint)}`).sort()).toEqual([closed, late].sort());
    const one = items.find(({ complaint }) => late.endsWith(String(complaint)));
    const breachesOf = (course: unknown) => (course as { breaches: { clock: string }[] }).breaches.map(({ clock }) => clock);
    expect(one).toMatchObject({ differs: true, known: true, impossible: [{ command: 'pause', code: 'pause-reason-unknown' }] });
    expect(breachesOf(one?.['recorded'])).toContain('response-1');
    expect(breachesOf(one?.['recorded'])).not.toContain('resolution-1');
    expect(breachesOf(one?.['whatIf'])).toContain('resolution-1');
    // a case that was put under another policy meanwhile is lived again without that
    const { id } = await site.does('adm', '/v1/policies/swift/1/migrations', { from: { name: 'default' } }, 202);
    await until(async () => (await site.call('adm', 'GET', `/v1/policy-migrations/${String(id)}`)).told['state'] === 'done', 'the migration');
    expect((await asked('default'))['totals']).toMatchObject({ cases: 2, unknown: 0 });
    expect((await site.call('ann', 'GET', late)).told['policy']).toEqual({ name: 'swift', version: 1 });
  });

  it('a page at a time, of those received when and under what', async () => {
    const first = await asked('default', { limit: 1 });
    const second = await asked('default', { limit: 1, cursor: first['next'] });
    expect([listOf(first, 'items').length, listOf(second, 'items').length, second['next']]).toEqual([1, 1, null]);
    expect((await asked('default', { from: ago(4), to: ago(2) }))['totals']).toMatchObject({ cases: 1 });
    expect((await asked('default', { policy: { name: 'nobody' } }))['totals']).toMatchObject({ cases: 0 });
  });

  it('for admins, quality people and auditors, of policies that there are, with a cursor of its own', async () => {
    for (const who of ['ann', 'sue', 'lou']) expect((await site.call(who, 'POST', '/v1/policies/default/1/what-if', {})).status).toBe(403);
    for (const who of ['adm', 'aud']) expect((await site.call(who, 'POST', '/v1/policies/default/1/what-if', {})).status).toBe(200);
    expect((await site.call('quinn', 'POST', '/v1/policies/default/7/what-if', {})).status).toBe(404);
    expect((await site.call('quinn', 'POST', '/v1/policies/default/1/what-if', { cursor: 'x' })).told).toMatchObject({ status: 422, errors: [{ path: 'cursor' }] });
    expect((await site.call('quinn', 'POST', '/v1/policies/default/1/what-if', { from: 'yesterday' })).told).toMatchObject({ status: 422, errors: [{ path: 'from' }] });
  });
});
