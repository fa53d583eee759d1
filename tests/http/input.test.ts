import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filing, idOf, listOf, startSite, type Body, type Site } from './given.js';

let site: Site;
let path: string;
beforeAll(async () => {
  site = await startSite();
  path = await site.filed('ann');
});
afterAll(() => site.stop());

const future = '2999-01-01T00:00:00Z';
const share = { department: 'logistics', percent: 100, conduct: 'ordinary' };
const attribution = (more: Body) => ({ nature: 'process', note: 'n', ...more });

/** Who sends what where, the code of the 422, and the fields it names. */
const wrong: [name: string, who: string, at: string, body: unknown, code: string, paths: string[]][] = [
  ['every field of an intake of a wrong type or unknown', 'ann', '/v1/complaints', {
    channel: 'fax', text: 7, customer: { key: 1, fax: 'x' }, type: 5, subtype: {}, product: 0, region: 1, department: false, tier: 'worst',
    flags: { severe: 'yes', other: true }, demand: { stated: 1, more: 'x' }, emotion: 9, receivedAt: 'yesterday', more: 1,
  }, 'invalid', [
    'channel', 'customer.fax', 'customer.key', 'demand.more', 'demand.stated', 'department', 'emotion', 'flags.other', 'flags.severe', 'more', 'product', 'receivedAt',
    'region', 'subtype', 'text', 'tier', 'type',
  ]],
  ['nothing at all', 'ann', '/v1/complaints', {}, 'invalid', ['channel', 'customer', 'text']],
  ['a blank text', 'ann', '/v1/complaints', { ...filing(), text: ' \n' }, 'invalid', ['text']],
  ['a number that is none', 'ann', '/v1/complaints', { ...filing(), customer: { phone: 'call me' } }, 'invalid', ['customer.phone']],
  ['codes that no list has', 'ann', '/v1/complaints', { ...filing(), type: 'call +86 139 0000 1111', subtype: 'x', product: 'x', region: 'x', department: 'x' }, 'unknown-code', ['department', 'product', 'region', 'subtype', 'type']],
  ['a receipt in the future', 'ann', '/v1/complaints', { ...filing(), receivedAt: future }, 'invalid', ['receivedAt']],
  ['a message received in the future', 'ann', '/hear', { text: 't', receivedAt: future }, 'invalid', ['receivedAt']],
  ['an answer of a wrong type', 'ann', '/answer', { message: ['m'], parts: { apology: 1, sorry: 'x' } }, 'invalid', ['message', 'parts.apology', 'parts.sorry']],
  ['a classification by codes that no list has', 'ann', '/classify', { type: 'x', department: 'y', reason: 'r' }, 'unknown-code', ['department', 'type']],
  ['a classification of nothing', 'ann', '/classify', { reason: 'r' }, 'invalid', ['']],
  ['an unknown department', 'ann', '/dispatch', { department: 'moon', request: 'r' }, 'unknown-code', ['department']],
  ['an unknown reason to pause', 'ann', '/pause', { reason: 'holidays' }, 'pause-reason-unknown', ['reason']],
  ['nothing agreed, and no reason', 'ann', '/resolve', { solution: 's', agreed: false }, 'invalid', ['reason']],
  ['a score off the scale', 'bob', '/follow-up', { satisfied: true, score: 11 }, 'invalid', ['score']],
  ['an unknown assignee', 'sue', '/assign', { assignee: 'nobody', reason: 'r' }, 'unknown-code', ['assignee']],
  ['a way to answer that is blank', 'ann', '/v1/complaints', { channel: 'web', text: 't', customer: { handle: ' ' } }, 'invalid', ['customer']],
  ['a telephone number without digits', 'ann', '/v1/complaints', { channel: 'web', text: 't', customer: { phone: '+  ' } }, 'invalid', ['customer.phone']],
  ['a clock that outlasts the years that are written with four digits', 'ann', '/v1/sla/simulate', { start: '9999-01-01T00:00:00Z', budgetSeconds: 63_072_000, now: '9999-06-01T00:00:00Z' }, 'invalid', ['budgetSeconds']],
  ['an unknown owner', 'sue', '/transfer', { owner: 'nobody', reason: 'absence' }, 'unknown-code', ['owner']],
  ['a transfer for no good reason', 'sue', '/transfer', { owner: 'bob', reason: 'whim' }, 'invalid', ['reason']],
  ['shares that are not 100', 'sue', '/attribute', attribution({ shares: [{ ...share, percent: 60 }] }), 'invalid', ['shares']],
  ['no share of a fault', 'sue', '/attribute', attribution({ shares: [] }), 'invalid', ['shares']],
  ['shares of nobody’s fault', 'sue', '/attribute', attribution({ nature: 'customer', shares: [share] }), 'invalid', ['shares']],
  ['self-found without evidence', 'sue', '/attribute', attribution({ shares: [{ ...share, conduct: 'self_found' }] }), 'invalid', ['shares.0.evidence']],
  ['a share of nobody and nowhere', 'sue', '/attribute', attribution({ shares: [{ ...share, department: 'moon', person: 'nobody' }] }), 'unknown-code', ['shares.0.department', 'shares.0.person']],
  ['a decision against a proposal, without another', 'sue', '/decide', { upheld: false, handling: 'h', note: 'n' }, 'invalid', ['nature', 'shares']],
  ['an investigation of no one', 'quinn', '/investigate', { investigation: randomUUID() }, 'unknown-code', ['investigation']],
  ['a rung that is none', 'sue', '/escalations', { reason: 'r', to: 4 }, 'invalid', ['to']],
  ['an investigation of cases that are none', 'quinn', '/v1/investigations', { title: 't', complaints: [randomUUID()] }, 'unknown-code', ['complaints.0']],
  ['an investigation of no type', 'quinn', '/v1/investigations', { title: 't', type: 'x' }, 'unknown-code', ['type']],
  ['a policy of wrong durations', 'adm', '/v1/policies', { name: 'p', tiers: { general: { response: '30 minutes' }, serious: {}, urgent: {} }, warnAt: [101] }, 'invalid', ['tiers.general.response', 'warnAt.0']],
];

describe('input that does not hold', () => {
  it.each(wrong)('422 names each field: %s', async (_name, who, at, body, code, paths) => {
    const before = await site.kept();
    const { status, told } = await site.call(who, 'POST', at.startsWith('/v1') ? at : path + at, body);
    expect({ status, code: told['code'], paths: told['errors'] ? listOf(told, 'errors').map((one) => one['path']).sort() : told }).toEqual({ status: 422, code, paths });
    expect(await site.kept()).toEqual(before);
  });

  it.each([
    ['malformed JSON', '{"channel":', {}, 400, 'malformed'],
    ['bytes that are no UTF-8 JSON', '\u0000', {}, 400, 'malformed'],
    ['more than 1 MB', JSON.stringify({ ...filing(), text: '字'.repeat(400_000) }), {}, 413, 'too-large'],
    ['plain text', JSON.stringify(filing()), { 'Content-Type': 'text/plain' }, 415, 'unsupported-media-type'],
    ['a form', 'text=t', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
    ['another charset', JSON.stringify(filing()), { 'Content-Type': 'application/json; charset=latin1' }, 415, 'unsupported-media-type'],
  ] as const)('%s is refused', async (_name, body, headers, status, code) => {
    const before = await site.kept();
    for (const at of ['/v1/complaints', `${path}/answer`]) {
      const answer = await site.call('ann', 'POST', at, body, headers);
      expect([at, answer.status, answer.told['code']]).toEqual([at, status, code]);
    }
    expect(await site.kept()).toEqual(before);
  });

  it('a key that cannot be read is refused', async () => {
    const { told } = await site.call('ann', 'POST', '/v1/complaints', filing(), { 'Idempotency-Key': 'two words' });
    expect(told).toMatchObject({ status: 400, code: 'malformed-header' });
  });

  it.each([
    ['GET', '/v1/complaints/1'], ['GET', '/v1/complaints/not-a-uuid/timeline'], ['POST', '/v1/complaints/%27%3B--/answer'], ['POST', '/v1/complaints/1/escalations'],
    ['GET', '/v1/investigations/1'], ['POST', '/v1/investigations/1/conclude'], ['GET', '/v1/policies/none/1'], ['GET', '/v1/policies/default/x'],
    ['GET', '/v1/track/abc'], ['GET', `/v1/track/${'a'.repeat(22)}`], ['POST', `/v1/track/${'a'.repeat(22)}/messages`], ['GET', `/v1/complaints/${randomUUID()}`],
  ])('%s %s is not found', async (method, at) => {
    const answer = await site.call('sue', method, at, method === 'POST' ? { message: 'm' } : undefined);
    expect([answer.status, answer.told['code']]).toEqual([404, 'not-found']);
  });

  it('instants are taken with and without milliseconds, and with an offset', async () => {
    for (const receivedAt of ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z', '2026-01-02T11:04:05+08:00']) {
      const { status, told } = await site.call('ann', 'POST', '/v1/complaints', { ...filing(), receivedAt });
      expect([status, told['receivedAt']]).toEqual([201, '2026-01-02T03:04:05.000Z']);
    }
  });
});

describe('who sees what', () => {
  const ids = async (who: string, query = '') => listOf((await site.call(who, 'GET', `/v1/complaints?limit=200${query}`)).told, 'items').map(({ id }) => id);

  it('a department sees only cases with a request to it or a share of it, and of their words what it is asked', async () => {
    const [asked, shared] = [await site.filed('ann', { demand: { stated: 'd' } }), await site.filed('ann')];
    const other = await site.filed('ann', { department: 'logistics' });
    await site.does('ann', `${asked}/dispatch`, { department: 'logistics', request: 'please look' });
    await site.does('ann', `${asked}/dispatch`, { department: 'production', request: 'you too' });
    await site.does('ann', `${shared}/resolve`, { solution: 's', agreed: true });
    await site.does('quinn', `${shared}/attribute`, { nature: 'process', shares: [share], note: 'n' });
    const seen = await ids('lou');
    expect(seen).toEqual(expect.arrayContaining([idOf(asked), idOf(shared)]));
    expect(seen).not.toContain(idOf(other));
    expect(await ids('pat')).toEqual([idOf(asked)]);
    for (const [who, at, status] of [['lou', other, 404], ['pat', shared, 404], ['pat', asked, 200], ['lou', shared, 200]] as const) {
      for (const tail of ['', '/timeline']) expect([who, (await site.call(who, 'GET', at + tail)).status]).toEqual([who, status]);
    }
    const { told } = await site.call('lou', 'GET', asked);
    expect(told).toMatchObject({ text: null, demand: null, solution: null, trackingCode: null, customer: { key: null, name: null } });
    expect(listOf(told, 'requests').map(({ request }) => request)).toEqual(['please look', null]);
    const timeline = JSON.stringify((await site.call('lou', 'GET', `${asked}/timeline`)).told);
    expect(timeline).toContain('please look');
    expect(timeline).not.toMatch(/you too|the parcel was broken|Mei|CRM-/);
  });

  it('a channel sees only what it filed', async () => {
    const [own, others] = [await site.filed('web', { channel: 'web' }), await site.filed('shop', { channel: 'web' })];
    expect(await ids('web')).toEqual([idOf(own)]);
    expect(await ids('shop')).toEqual([idOf(others)]);
    expect((await site.call('web', 'GET', own)).told).toMatchObject({ text: 'the parcel was broken', customer: { key: null, name: null } });
    for (const [method, tail] of [['GET', ''], ['GET', '/timeline'], ['POST', '/hear'], ['POST', '/note']] as const) {
      expect((await site.call('web', method, others + tail, method === 'POST' ? { text: 't' } : undefined)).status, tail).toBe(404);
    }
    await site.does('ann', `${own}/accept`);
    await site.does('ann', `${own}/note`, { text: 'an inner word' });
    await site.does('ann', `${own}/dispatch`, { department: 'logistics', request: 'an inner word' });
    for (const tail of ['', '/timeline']) expect(JSON.stringify((await site.call('web', 'GET', own + tail)).told)).not.toContain('an inner word');
  });

  it('an admin sees every case and none of its words; an auditor all but the tracking code', async () => {
    for (const who of ['adm', 'aud']) expect(await ids(who)).toContain(idOf(path));
    expect((await site.call('adm', 'GET', path)).told).toMatchObject({ text: null, demand: {}, trackingCode: null, customer: { key: null, name: null } });
    expect(JSON.stringify((await site.call('adm', 'GET', `${path}/timeline`)).told)).not.toContain('the parcel was broken');
    expect((await site.call('aud', 'GET', path)).told).toMatchObject({ text: 'the parcel was broken', trackingCode: null });
  });
});
