import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { declare, plain } from '../../api/http/declare.js';
import { Problem } from '../../api/problem/problem.js';
import { verifierOf } from '../../bin/verifier.js';
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

interface Sent { bearer?: string; body?: string | Buffer; type?: string | null; key?: string; idempotency?: string }

async function post(path: string, { bearer, body = '{"text":"t"}', type = 'application/json', key, idempotency }: Sent = {}, at = site.url) {
  const headers = { ...(idempotency ? { 'Idempotency-Key': idempotency } : {}), ...(type ? { 'Content-Type': type } : {}), ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}), ...(key ? { 'X-API-Key': key } : {}) };
  const response = await fetch(at + path, { method: 'POST', headers, body });
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
    ['400 for what is not UTF-8', '/v1/things/a', () => ({ body: Buffer.from('{"text":"\xc4\xe3"}', 'latin1'), bearer: supervisor }), 400, 'malformed'],
    ['400 for a key that is none, before the fields', '/v1/things/a', () => ({ body: '{}', bearer: supervisor, idempotency: 'two words' }), 400, 'malformed-header'],
    ['404 for a path that cannot be read', '/v1/things/%ff', () => ({ bearer: supervisor }), 404, 'not-found'],
    ['401 before that too', '/v1/things/%ff', () => ({}), 401, 'unauthenticated'],
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

  it.each<[string, { status: number; body: unknown } | null]>([
    ['is not there', null],
    ['publishes no keys', { status: 200, body: { keys: 'none' } }],
    ['is in trouble', { status: 500, body: {} }],
    ['shows a page', { status: 200, body: 'welcome' }],
  ])('says that it is not the token when its issuer %s', async (_name, keys) => {
    const issuer = createServer((request, response) => {
      const { status, body } = request.url === '/keys' && keys ? keys : { status: 200, body: { jwks_uri: `${url}/keys` } };
      response.writeHead(status).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const url = `http://127.0.0.1:${String((issuer.address() as AddressInfo).port)}`;
    if (keys === null) await new Promise((closed) => issuer.close(closed));
    const app = await listening(appOf([thing], verifierOf({ kind: 'oidc', issuer: url, audience: 'threefold', algorithm: 'EdDSA' })));
    const { status, told, headers } = await post('/v1/things/a', { bearer: await token({ sub: 'x', roles: ['supervisor'] }, { issuer: url }) }, app.url);
    expect([status, told['code'], headers.get('Retry-After')]).toEqual([503, 'issuer-away', '5']);
    await app.stop();
    issuer.close();
  });

  it('knows a channel by its key in either header', async () => {
    expect((await post('/v1/things/a', { key: 'tfk_good' })).status).toBe(403);
    expect((await post('/v1/things/a', { bearer: 'tfk_good' })).status).toBe(403);
    expect((await post('/v1/things/a', { key: 'tfk_bad' })).told['code']).toBe('invalid-key');
  });
});
