import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../../api/access/tokens.js';
import { createApi } from '../../api/create.js';
import { createKey } from '../../prisma/keys.js';
import { startSystem, until, type System } from '../harness/system.js';
import { listening, objectOf, rules, silent, token } from './given.js';

type Body = Record<string, unknown>;
interface Told { status: number; told: Body; headers: Headers }

let system: System;
let site: Awaited<ReturnType<typeof listening>>;
const bearers: Record<string, string> = {};

beforeAll(async () => {
  system = await startSystem();
  const { database, vault } = system.parts;
  site = await listening(createApi({
    database, vault, engine: system.engine, probeEngine: () => Promise.resolve(), audit: system.parts.audit,
    tokens: createTokenVerifier(rules), log: silent, info: { version: '0.0.0' },
  }));
  const people: Record<string, Body> = {
    ann: { roles: ['agent'] }, bob: { roles: ['agent'] }, sue: { roles: ['supervisor'] }, sam: { roles: ['supervisor'], rung: 3 },
    lou: { roles: ['department'], department: 'logistics' }, pat: { roles: ['department'], department: 'production' },
    quinn: { roles: ['quality'] }, qi: { roles: ['quality'] }, aud: { roles: ['auditor'] }, adm: { roles: ['admin'] },
  };
  for (const [sub, claims] of Object.entries(people)) bearers[sub] = await token({ sub, ...claims });
  bearers['web'] = (await createKey(database, 'web form')).key;
  for (const sub of Object.keys(people)) await call(sub, 'GET', '/v1/taxonomies');
});
afterAll(async () => {
  await site.stop();
  await system.stop();
});

async function call(who: string | null, method: string, path: string, body?: Body, more: Record<string, string> = {}): Promise<Told> {
  const response = await fetch(site.url + path, {
    method, headers: { ...(who ? { Authorization: `Bearer ${bearers[who] ?? ''}` } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}), ...more },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, told: await objectOf(response), headers: response.headers };
}

async function does(who: string, path: string, body: Body = {}, status = 200): Promise<Body> {
  const answer = await call(who, 'POST', path, body);
  expect({ path, status: answer.status, told: answer.status === status ? null : answer.told }).toEqual({ path, status, told: null });
  return answer.told;
}

const filing = () => ({ channel: 'phone', text: 'the parcel was broken', customer: { key: `CRM-${randomUUID()}`, name: 'Mei' } });

describe('a complaint over HTTP', () => {
  it('runs from intake to closed, and a message after it opens a new case', async () => {
    const filed = await call('ann', 'POST', '/v1/complaints', { ...filing(), type: 'logistics', department: 'logistics', demand: { stated: 'a new one' }, region: '东北' });
    expect({ status: filed.status, etag: filed.headers.get('ETag') }).toEqual({ status: 201, etag: `"${String(filed.told['version'])}"` });
    expect(filed.told).toMatchObject({ status: 'open', level: 1, owner: 'ann', text: 'the parcel was broken', demand: { stated: 'a new one' }, customer: { name: 'Mei' }, region: 'northeast' });
    const path = String(filed.headers.get('Location'));
    const code = String(filed.told['trackingCode']);

    expect((await call('lou', 'GET', path)).status).toBe(404);
    await does('ann', `${path}/dispatch`, { department: 'logistics', request: 'please look' });
    expect((await call('lou', 'GET', path)).told).toMatchObject({ text: null, customer: { name: null }, trackingCode: null, requests: [{ id: 'r1', request: 'please look' }] });
    expect((await call('pat', 'GET', path)).status).toBe(404);
    expect((await call('lou', 'POST', `${path}/answer`, { message: 'x' })).status).toBe(403);
    expect((await call('bob', 'POST', `${path}/answer`, { message: 'x' })).told).toMatchObject({ status: 409, code: 'not-yours' });
    expect((await call('sue', 'POST', `${path}/assign`, { assignee: 'nobody', reason: 'x' })).told).toMatchObject({ status: 422, code: 'unknown-code', errors: [{ path: 'assignee' }] });
    await does('lou', `${path}/plan`, { request: 'r1', plan: 'a new parcel' });
    expect((await call('ann', 'POST', `${path}/answer`, { message: 'sorry' }, { 'If-Match': '"1"' })).told).toMatchObject({ status: 412, code: 'stale' });

    const key = { 'Idempotency-Key': 'once' };
    const first = await call('ann', 'POST', `${path}/answer`, { message: 'sorry', parts: { apology: 'we are sorry' } }, key);
    const again = await call('ann', 'POST', `${path}/answer`, { message: 'sorry', parts: { apology: 'we are sorry' } }, key);
    expect([again.status, again.told['version']]).toEqual([200, first.told['version']]);
    expect((await call('ann', 'POST', `${path}/answer`, { message: 'other' }, key)).told).toMatchObject({ status: 422, code: 'key-reused' });

    expect((await call('ann', 'POST', `${path}/escalations`, { reason: 'help', to: 1 })).status).toBe(202);
    await until(async () => (await call('ann', 'GET', path)).told['rung'] === 1, 'the rung');
    await does('sue', `${path}/acknowledge`);
    await does('ann', `${path}/resolve`, { solution: 'a new parcel', agreed: true });
    expect((await call('sue', 'POST', `${path}/close`, {})).told).toMatchObject({ code: 'gate-shut', missing: ['follow-up-open', 'responsibility-not-decided', 'cause-not-verified'] });

    const page = await call(null, 'GET', `/v1/track/${code}`, undefined, { 'Accept-Language': 'zh-CN' });
    expect(page.told).toMatchObject({ status: 'resolved', asks: expect.arrayContaining(['follow-up']) });
    expect(JSON.stringify(page.told)).not.toMatch(/"(ann|sue|lou)"|please look/);
    expect((await call(null, 'POST', `/v1/track/${code}/follow-up`, { satisfied: true, score: 5 })).status).toBe(200);

    await does('sue', `${path}/attribute`, { nature: 'process', shares: [{ department: 'logistics', percent: 100, conduct: 'ordinary' }], note: 'no padding' });
    await does('lou', `${path}/agree`, {});
    await does('sam', `${path}/decide`, { upheld: true, handling: 'talk', note: 'fair' });
    const linked = await does('quinn', `${path}/investigate`, { title: 'broken parcels' });
    const investigation = `/v1/investigations/${String(linked['investigation'])}`;
    await until(async () => ((await call('quinn', 'GET', investigation)).told['complaints'] as unknown[] | undefined)?.length === 1, 'the link');
    await does('quinn', `${investigation}/causes`, { category: 'method', text: 'no padding', whys: ['a', 'b', 'c'] });
    await does('quinn', `${investigation}/causes/c1/finding`, { root: true, note: 'seen' });
    await does('quinn', `${investigation}/measures`, { cause: 'c1', text: 'pad', owner: 'lou', dueAt: '2030-01-01T00:00:00Z', goal: { metric: 'broken', baseline: 9, target: 1, direction: 'down' }, observeDays: 0 });
    await does('lou', `${investigation}/measures/m1/done`, {});
    await does('lou', `${investigation}/measures/m1/readings`, { value: 1 });
    await does('qi', `${investigation}/measures/m1/verdict`, { effective: true, note: 'fine' });
    expect(await does('quinn', `${investigation}/conclude`)).toMatchObject({ status: 'concluded', title: 'broken parcels' });
    await until(async () => (await call('ann', 'GET', path)).told['status'] === 'closed', 'the close');

    const timeline = await call('aud', 'GET', `${path}/timeline?limit=200`);
    expect(timeline.told['items']).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'answered', text: expect.stringContaining('we are sorry') })]));
    expect((await call('ann', 'GET', `${path}/history`)).status).toBe(403);
    expect((await call('aud', 'POST', `${path}/replay`)).told).toMatchObject({ deterministic: true, differences: [] });

    const repeat = await call(null, 'POST', `/v1/track/${code}/messages`, { text: 'broken again' });
    expect(repeat.status).toBe(201);
    const heard = await call('bob', 'POST', `${path}/hear`, { text: 'and again' }, key);
    expect({ status: heard.status, told: heard.told }).toMatchObject({ status: 201, told: { repeatOf: filed.told['id'], owner: 'ann', special: ['repeat'] } });
    expect((await call('bob', 'POST', `${path}/hear`, { text: 'and again' }, key)).told['id']).toBe(heard.told['id']);
  });
});

it('a verdict that staff took down by mistake, the customer sets right on their page, and the case is not handled again', async () => {
  const filed = await call('ann', 'POST', '/v1/complaints', filing());
  const [path, code] = [`/v1/complaints/${String(filed.told['id'])}`, String(filed.told['trackingCode'])];
  const asks = async () => (await call(null, 'GET', `/v1/track/${code}`)).told['asks'];
  await does('ann', `${path}/resolve`, { solution: 'a new parcel', agreed: true });
  await does('bob', `${path}/follow-up`, { satisfied: false });
  expect(await asks()).toContain('follow-up');
  expect((await call(null, 'POST', `/v1/track/${code}/follow-up`, { satisfied: false })).told).toMatchObject({ status: 409, code: 'no-follow-up' });
  expect((await call(null, 'POST', `/v1/track/${code}/follow-up`, { satisfied: true })).told).toMatchObject({ status: 'resolved' });
  expect(await asks()).not.toContain('follow-up');
  expect((await call('ann', 'GET', path)).told).toMatchObject({ status: 'resolved', cycle: 2, tracks: { customer: 'satisfied' } });
  expect((await call('ann', 'POST', `${path}/resolve`, { solution: 's', agreed: true })).told).toMatchObject({ code: 'already-resolved' });
  expect((await call('aud', 'POST', `${path}/replay`)).told).toMatchObject({ deterministic: true, differences: [] });
});

describe('intake and lists', () => {
  it('lets a channel see what it filed, and nothing else', async () => {
    const own = await call('web', 'POST', '/v1/complaints', { ...filing(), channel: 'web' });
    expect(own.told).toMatchObject({ status: 'open', owner: null, tracks: { customer: 'received' }, text: 'the parcel was broken', customer: { name: 'Mei' } });
    const listed = await call('web', 'GET', '/v1/complaints');
    expect(listed.told['items']).toEqual([expect.objectContaining({ id: own.told['id'] })]);
    expect((await call('web', 'POST', '/v1/complaints', { ...filing(), policy: 'default' })).told).toMatchObject({ code: 'invalid', errors: [{ path: 'policy' }] });
  });

  it.each([
    ['a type of no list', { type: 'nonsense' }, 'type'], ['a receipt in the future', { receivedAt: '2999-01-01T00:00:00Z' }, 'receivedAt'],
    ['no way to answer', { customer: { name: 'x' } }, 'customer'], ['a policy that is none', { policy: 'nonsense' }, 'policy'], ['an unknown field', { more: 1 }, 'more'],
  ])('refuses %s', async (_name, wrong, path) => {
    expect((await call('ann', 'POST', '/v1/complaints', { ...filing(), ...wrong })).told).toMatchObject({ status: 422, errors: [{ path }] });
  });

  it('pages and filters', async () => {
    for (let i = 0; i < 3; i += 1) await does('bob', '/v1/complaints', filing(), 201);
    const first = await call('bob', 'GET', '/v1/complaints?owner=bob&limit=2&sort=dueAt');
    expect([first.headers.get('Content-Type'), first.headers.get('Cache-Control')]).toEqual(['application/json; charset=utf-8', 'no-store']);
    const second = await call('bob', 'GET', `/v1/complaints?owner=bob&limit=2&sort=dueAt&cursor=${String(first.told['next'])}`);
    expect([first.told['items'], second.told['items']].map((items) => (Array.isArray(items) ? items.length : 0))).toEqual([2, 1]);
    for (const wrong of ['cursor=x', 'q=x', 'level=9', 'limit=0']) expect((await call('bob', 'GET', `/v1/complaints?${wrong}`)).status, wrong).toBe(422);
  });
});

describe('policies', () => {
  const policy = { name: 'rehearsal', tiers: { general: { response: 'PT2S' }, serious: {}, urgent: {} } };
  it('publishes a version once under a key, with warnings', async () => {
    const key = { 'Idempotency-Key': 'p1' };
    const [first, again] = [await call('adm', 'POST', '/v1/policies', policy, key), await call('adm', 'POST', '/v1/policies', policy, key)];
    expect([first.status, first.told['version'], again.told['version']]).toEqual([201, 1, 1]);
    expect((await call('adm', 'POST', '/v1/policies', { ...policy, warnAt: [50] }, key)).told['code']).toBe('key-reused');
    expect((await call('adm', 'POST', '/v1/policies', policy)).told['version']).toBe(2);
    expect((await call('ann', 'GET', '/v1/policies/rehearsal/1')).told).toMatchObject({ version: 1, tiers: { general: { response: 'PT2S' } } });
    expect((await call('ann', 'POST', '/v1/policies', policy)).status).toBe(403);
    expect((await call('adm', 'POST', '/v1/policies', { ...policy, calendar: 'cn' })).told).toMatchObject({ code: 'unknown-code', errors: [{ path: 'calendar' }] });
    expect((await call('ann', 'GET', '/v1/policies/current')).told['name']).toBe('default');
  });
});
