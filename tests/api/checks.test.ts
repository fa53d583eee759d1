import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { declare, plain } from '../../api/http/declare.js';
import { Problem } from '../../api/problem/problem.js';
import { appOf, listening, objectOf, token } from './given.js';

const Answer = z.strictObject({ ok: z.boolean() });
const thing = declare({
  ...plain, method: 'post', path: '/v1/things/{id}', tag: 'things', summary: 'a thing', access: ['supervisor'],
  params: z.object({ id: z.string() }), body: z.strictObject({ text: z.string(), deep: z.strictObject({ n: z.int() }).optional() }),
  answers: { 200: { description: 'done', schema: Answer } },
  find: ({ params }) => {
    if (params.id === 'hidden') throw Problem.of('not-found');
    return params.id;
  },
  act: ({ role }) => ({ status: 200, body: { ok: true, role }, version: 7 }),
});

let site: Awaited<ReturnType<typeof listening>>;
let supervisor: string;
let agent: string;
beforeAll(async () => {
  site = await listening(appOf([thing]));
  supervisor = await token({ sub: 'sue', roles: ['agent', 'supervisor'] });
  agent = await token({ sub: 'ann', roles: ['agent'] });
});
afterAll(() => site.stop());

async function post(path: string, { bearer, body = '{"text":"t"}', type = 'application/json', key }: { bearer?: string; body?: string; type?: string | null; key?: string } = {}) {
  const headers = { ...(type ? { 'Content-Type': type } : {}), ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}), ...(key ? { 'X-API-Key': key } : {}) };
  const response = await fetch(site.url + path, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, told: await objectOf(response) };
}

describe('checks come in the order of the contract', () => {
  const broken = { body: '{"text"', type: 'text/plain' };
  it.each([
    ['401 before all', '/v1/things/hidden', () => ({ ...broken }), 401, 'unauthenticated'],
    ['401 also where nothing is', '/v1/nowhere', () => ({}), 401, 'unauthenticated'],
    ['404 before the role', '/v1/things/hidden', () => ({ ...broken, bearer: agent }), 404, 'not-found'],
    ['403 before the body', '/v1/things/a', () => ({ ...broken, bearer: agent }), 403, 'forbidden'],
    ['415 for another media type', '/v1/things/a', () => ({ ...broken, bearer: supervisor }), 415, 'unsupported-media-type'],
    ['400 for malformed JSON', '/v1/things/a', () => ({ body: '{"text"', bearer: supervisor }), 400, 'malformed'],
    ['413 over 1 MB', '/v1/things/a', () => ({ body: JSON.stringify({ text: 'x'.repeat(1_100_000) }), bearer: supervisor }), 413, 'too-large'],
    ['422 for a missing body', '/v1/things/a', () => ({ body: '', type: null, bearer: supervisor }), 422, 'invalid'],
    ['422 for what is no object', '/v1/things/a', () => ({ body: '[]', bearer: supervisor }), 422, 'invalid'],
  ])('%s', async (_name, path, request, status, code) => {
    const { status: got, told, headers } = await post(path, request());
    expect({ got, code: told['code'], status: told['status'] }).toEqual({ got: status, code, status });
    expect(headers.get('Content-Type')).toContain('application/problem+json');
    expect(told).toEqual(expect.objectContaining({ type: `urn:threefold:problem:${code}`, title: expect.any(String), detail: expect.any(String) }));
  });

  it('names each unknown field and wrong type by its path', async () => {
    const { told } = await post('/v1/things/a', { bearer: supervisor, body: '{"text":1,"more":2,"__proto__":{},"deep":{"n":"x","m":1}}' });
    const errors = z.array(z.object({ path: z.string() })).parse(told['errors']);
    expect(errors.map(({ path }) => path).sort()).toEqual(['__proto__', 'deep.m', 'deep.n', 'more', 'text']);
  });

  it('acts in the role that allowed it, and tells the version as ETag', async () => {
    const { status, told, headers } = await post('/v1/things/a', { bearer: supervisor });
    expect({ status, told, etag: headers.get('ETag') }).toEqual({ status: 200, told: { ok: true, role: 'supervisor' }, etag: '"7"' });
  });
});

describe('who asks', () => {
  it.each([
    ['signed with another key', () => token({ sub: 'x', roles: ['supervisor'] }, { key: generateKeyPairSync('ed25519').privateKey })],
    ['of another issuer', () => token({ sub: 'x', roles: ['supervisor'] }, { issuer: 'elsewhere' })],
    ['for another audience', () => token({ sub: 'x', roles: ['supervisor'] }, { audience: 'elsewhere' })],
    ['that has expired', () => token({ sub: 'x', roles: ['supervisor'] }, { expires: '-1m' })],
    ['without roles', () => token({ sub: 'x' })],
    ['with a rung that is none', () => token({ sub: 'x', roles: ['supervisor'], rung: 9 })],
    ['that is none', () => 'nonsense'],
    ['without a signature', () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"x"}').toString('base64url')}.`],
  ])('refuses a token %s', async (_name, make) => {
    const { status, told, headers } = await post('/v1/things/a', { bearer: await make() });
    expect({ status, code: told['code'] }).toEqual({ status: 401, code: 'invalid-token' });
    expect(headers.get('WWW-Authenticate')).toContain('Bearer');
  });

  it.each(['system', 'Customer', 'channel-1', 'rung:2', 'department:logistics', 'a\0b', 'a\ud800'])('takes nobody who is called %j', async (sub) => {
    const { status, told } = await post('/v1/things/a', { bearer: await token({ sub, roles: ['supervisor'] }) });
    expect({ status, code: told['code'] }).toEqual({ status: 401, code: 'invalid-token' });
  });

  it('knows a channel by its key in either header', async () => {
    expect((await post('/v1/things/a', { key: 'tfk_good' })).status).toBe(403);
    expect((await post('/v1/things/a', { bearer: 'tfk_good' })).status).toBe(403);
    expect((await post('/v1/things/a', { key: 'tfk_bad' })).told['code']).toBe('invalid-key');
  });
});
