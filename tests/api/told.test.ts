import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedCase, filing, idOf, listOf, startSite, type Site } from '../http/given.js';

let site: Site;
beforeAll(async () => { site = await startSite(); });
afterAll(() => site.stop());

const textOf = async (path: string, type: string) => listOf((await site.call('aud', 'GET', `${path}/timeline`)).told, 'items').find((one) => one['type'] === type)?.['text'];

it('a channel does not learn whose number it filed under (spec: evidence, personal data)', async () => {
  const phone = '+49 30 5550001';
  await site.filed('ann', { customer: { key: 'CRM-secret', name: 'Mei Secret', phone } });
  const filed = await site.call('web', 'POST', '/v1/complaints', { ...filing(), channel: 'web', customer: { phone, name: 'Somebody' } });
  expect(filed.told).toMatchObject({ customer: { key: null, name: 'Somebody' } });
  const path = String(filed.headers.get('Location'));
  expect((await site.call('web', 'GET', path)).told['customer']).toEqual({ key: null, name: null });
  const listed = (await site.call('web', 'GET', '/v1/complaints')).told;
  expect(listOf(listed, 'items').map(({ customer }) => customer)).toEqual([{ key: null, name: null }]);
  expect((await site.call('ann', 'GET', path)).told['customer']).toEqual({ key: 'CRM-secret', name: 'Mei Secret' });
});

it('nor whether they are a key customer, and makes nobody one (spec: case, special)', async () => {
  const phone = '+49 30 5550002';
  await site.filed('ann', { customer: { phone, important: true } });
  const filed = await site.call('web', 'POST', '/v1/complaints', { ...filing(), channel: 'web', customer: { phone } });
  const path = String(filed.headers.get('Location'));
  expect(filed.told['special']).toEqual([]);
  expect((await site.call('web', 'GET', path)).told['special']).toEqual([]);
  expect(listOf((await site.call('web', 'GET', '/v1/complaints?special=key_customer')).told, 'items')).toEqual([]);
  expect(listOf((await site.call('web', 'GET', `${path}/timeline`)).told, 'items')[0]?.['data']).toMatchObject({ special: [] });
  expect((await site.call('ann', 'GET', path)).told['special']).toEqual(['key_customer']);
  const own = await site.call('web', 'POST', '/v1/complaints', { ...filing(), channel: 'web', customer: { handle: '@important', important: true } });
  expect((await site.call('ann', 'GET', String(own.headers.get('Location')))).told['special']).toEqual([]);
});

it('the course of a case that has said much ends somewhere, and says so', async () => {
  const { id, trackingCode } = await site.does('ann', '/v1/complaints', filing(), 201);
  await site.does('ann', `/v1/complaints/${String(id)}/hear`, { text: 'the first' });
  const { execute } = site.parts.database;
  await execute`INSERT INTO event SELECT n.* FROM event e, generate_series(10, 309) i, jsonb_populate_record(e, jsonb_build_object('seq', i)) n WHERE e.complaint = ${String(id)}::uuid AND e.type = 'heard'`;
  await execute`UPDATE complaint SET head = 309, state = jsonb_set(state, '{version}', '309') WHERE id = ${String(id)}::uuid`;
  const { told } = await site.call(null, 'GET', `/v1/track/${String(trackingCode)}`);
  const course = listOf(told, 'course');
  expect([course.length, course.at(-1)?.['message'], Number(told['earlier']) > 100]).toEqual([200, 'the first', true]);
});

it('an escalation that was taken is answered as it was, whoever has the case by now', async () => {
  const path = await site.filed('ann');
  const escalate = () => site.call('ann', 'POST', `${path}/escalations`, { reason: 'r' }, { 'Idempotency-Key': 'e-1' });
  const first = await escalate();
  await site.does('sue', `${path}/transfer`, { owner: 'bob', reason: 'absence' });
  expect([first.status, (await escalate()).told]).toEqual([202, first.told]);
  expect((await site.call('ann', 'POST', `${path}/escalations`, { reason: 'r' }, { 'Idempotency-Key': 'e-2' })).told).toMatchObject({ status: 409, code: 'not-yours' });
});

it('a message to a closed case that was meant for another version is refused, with a key and without', async () => {
  const path = await closedCase(site);
  for (const key of [{}, { 'Idempotency-Key': 'h-1' }] as Record<string, string>[]) {
    expect((await site.call('ann', 'POST', `${path}/hear`, { text: 't' }, { 'If-Match': '"1"', ...key })).status).toBe(412);
  }
  expect((await site.call('ann', 'POST', `${path}/hear`, { text: 't' })).status).toBe(201);
});

it('what a classification changes of the demand is told in words', async () => {
  const path = await site.filed('ann');
  await site.does('ann', `${path}/classify`, { demand: { core: 'a refund' }, reason: 'asked again' });
  expect(await textOf(path, 'classified')).toContain('a refund');
});

it('an investigation with a field that does not hold is 422 before its cases are looked at', async () => {
  const body = { title: 't', type: 'nonsense', complaints: [idOf(await closedCase(site))] };
  expect((await site.call('quinn', 'POST', '/v1/investigations', body)).told).toMatchObject({ status: 422, errors: [{ path: 'type' }] });
});

it('a case is answered as it is now, also to who has seen this version', async () => {
  const path = await site.filed('ann');
  const { headers } = await site.call('ann', 'GET', path);
  expect((await site.call('ann', 'GET', path, undefined, { 'If-None-Match': String(headers.get('ETag')) })).status).toBe(200);
});

it('somebody whose name is an address finds their cases by it', async () => {
  const own = await startSite({ subs: { ann: 'ann@example.com' } });
  await own.filed('ann');
  expect(listOf((await own.call('ann', 'GET', '/v1/complaints?owner=ann%40example.com')).told, 'items')).toHaveLength(1);
  expect(listOf((await own.call('ann', 'GET', '/v1/complaints?owner=bob%40example.com')).told, 'items')).toHaveLength(0);
  await own.stop();
});

it('a message that happens to be JSON is shown as it was written; parts are read out', async () => {
  const text = '{"a":"b"}';
  const { id, trackingCode } = await site.does('ann', '/v1/complaints', { ...filing(), text, demand: { stated: 'x', core: 'y' } }, 201);
  const path = `/v1/complaints/${String(id)}`;
  await site.does('ann', `${path}/answer`, { message: text, parts: { apology: 'sorry', remedy: '{"c":1}' } });
  expect(await textOf(path, 'received')).toContain(`: ${text} · x · y`);
  expect(await textOf(path, 'answered')).toContain(`: ${text} · sorry · {"c":1}`);
  const course = listOf((await site.call(null, 'GET', `/v1/track/${String(trackingCode)}`)).told, 'course');
  expect(course.map(({ message }) => message)).toEqual(expect.arrayContaining([text, `${text}\nsorry · {"c":1}`]));
});

describe('what cannot be kept or found', () => {
  it('is 422 with its path, never 500', async () => {
    const path = await site.filed('ann');
    for (const [at, body, field] of [
      ['/v1/complaints', '{"channel":"web","text":"a\\u0000","customer":{"handle":"@m"}}', 'text'],
      ['/v1/complaints', '{"channel":"web","text":"a\\ud800","customer":{"handle":"@m"}}', 'text'],
      ['/v1/complaints', '{"channel":"web","text":"a","customer":{"key":"a\\u0000"}}', 'customer.key'],
      ['/v1/complaints', '{"channel":"web","text":"a","customer":{"handle":"@m"},"receivedAt":"0000-01-01T00:00:00Z"}', 'receivedAt'],
      [`${path}/classify`, '{"type":"a\\u0000","reason":"r"}', 'type'],
      [`${path}/pause`, '{"reason":"a\\u0000"}', 'reason'],
    ] as const) {
      expect((await site.call('ann', 'POST', at, body)).told, body).toMatchObject({ status: 422, code: 'invalid', errors: [{ path: field }] });
    }
    const calendar = '"name":"c","zone":"UTC","week":{"mon":[["09:00","18:00"]]}';
    for (const [body, field] of [
      [`{${calendar},"notes":{"2026-10-01":"a\\u0000"}}`, 'notes.2026-10-01'],
      [`{${calendar},"origin":{"library":"a\\ud800","version":"1","country":"CN"}}`, 'origin.library'],
    ] as const) {
      expect((await site.call('adm', 'POST', '/v1/calendars', body, { 'Idempotency-Key': 'k' })).told, body).toMatchObject({ status: 422, code: 'invalid', errors: [{ path: field }] });
    }
    for (const query of ['owner=a%00', 'type=a%00', 'department=%EF%BF%BD%0A', 'from=0000-01-01T00:00:00Z', 'cursor=%00', 'cursor=x']) {
      expect([query, (await site.call('ann', 'GET', `/v1/complaints?${query}`)).status]).toEqual([query, 422]);
    }
    for (const cursor of ['x', '0', '-1', '1.5']) expect((await site.call('ann', 'GET', `${path}/timeline?cursor=${cursor}`)).told).toMatchObject({ status: 422, errors: [{ path: 'cursor' }] });
    expect((await site.call('ann', 'GET', '/v1/investigations?type=a%00')).status).toBe(422);
    expect((await site.call('ann', 'GET', '/v1/policies/a%00/1')).status).toBe(404);
  });

  it('is 409 once the customer is erased', async () => {
    const path = await site.filed('ann');
    const row = await site.parts.database.client.complaint.findUniqueOrThrow({ where: { id: idOf(path) } });
    await site.parts.vault.destroyKey(row.customer);
    const kept = await site.kept();
    expect((await site.call('ann', 'POST', `${path}/answer`, { message: 'm' })).told).toMatchObject({ status: 409, code: 'customer-erased' });
    expect((await site.call('ann', 'POST', `${path}/escalations`, { reason: 'r' })).told).toMatchObject({ status: 409, code: 'customer-erased' });
    expect(await site.kept()).toEqual(kept);
  });
});

describe('tracking codes (spec: api, public)', () => {
  it('too much under one code is 429 with Retry-After, and other codes go on', async () => {
    const [one, other] = await Promise.all([1, 2].map(async () => String((await site.does('ann', '/v1/complaints', filing(), 201))['trackingCode'])));
    const wrong = () => site.call(null, 'POST', `/v1/track/${one}/follow-up`, { satisfied: randomUUID() });
    for (let i = 0; i < 30; i += 1) expect((await wrong()).status).toBe(422);
    const late = await wrong();
    expect([late.status, late.told['code'], Number(late.headers.get('Retry-After')) > 0]).toEqual([429, 'too-many-requests', true]);
    expect((await site.call(null, 'GET', `/v1/track/${one}`)).status).toBe(200);
    expect((await site.call(null, 'POST', `/v1/track/${other}/messages`, { text: 't' })).status).toBe(200);
  });

  it('right codes are not counted, however many at once', async () => {
    const code = String((await site.does('ann', '/v1/complaints', filing(), 201))['trackingCode']);
    const statuses = await Promise.all(Array.from({ length: 60 }, async () => (await site.call(null, 'GET', `/v1/track/${code}`)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
