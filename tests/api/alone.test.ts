import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiAlone, listening, objectOf } from './given.js';

let written = '';
const log = pino(new Writable({ write: (chunk, _encoding, done) => { written += String(chunk); done(); } }));
const api = apiAlone(log);
let site: Awaited<ReturnType<typeof listening>>;
beforeAll(async () => { site = await listening(api.app); });
afterAll(async () => { await site.stop(); await api.close(); });

it('lives, and is not ready, while the database is away', async () => {
  expect((await fetch(`${site.url}/livez`)).status).toBe(200);
  const ready = await fetch(`${site.url}/readyz`);
  expect({ status: ready.status, body: await ready.json() }).toEqual({ status: 503, body: { status: 'unready', database: 'away', engine: 'away' } });
});

it('says 503 database-away with Retry-After', async () => {
  const answer = await fetch(`${site.url}/v1/track/abcdefghijklmnopqrstuvwxyz`);
  expect({ status: answer.status, after: answer.headers.get('Retry-After'), code: (await objectOf(answer))['code'] }).toEqual({ status: 503, after: '5', code: 'database-away' });
});

it('serves its documentation from its own files alone', async () => {
  const page = await (await fetch(`${site.url}/docs`)).text();
  const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
  expect(sources.length).toBeGreaterThan(3);
  for (const source of sources) {
    expect(source).toMatch(/^\/docs\//);
    expect((await fetch(site.url + source)).status, source).toBe(200);
  }
  expect((await objectOf(await fetch(`${site.url}/openapi.json`)))['openapi']).toBe('3.1.0');
});

it('slows down who tries tracking codes', async () => {
  // not these: they try none
  for (let i = 0; i < 40; i += 1) {
    await fetch(`${site.url}/v1/track/abcdefghijklmnopqrstuvwxyz/typo`, { method: 'POST' });
    await fetch(`${site.url}/v1/track/abcdefghijklmnopqrstuvwxyz/messages`, { method: 'OPTIONS' });
  }
  for (let i = 0; i < 20; i += 1) expect((await fetch(`${site.url}/v1/track/wrong-${i}`)).status).toBe(404);
  const late = await fetch(`${site.url}/v1/track/wrong`);
  expect({ status: late.status, after: Number(late.headers.get('Retry-After')) }).toEqual({ status: 429, after: expect.any(Number) });
});

it('logs the route and never the address, a tracking code or a query', async () => {
  await fetch(`${site.url}/v1/complaints?owner=marked-query`, { headers: { Authorization: 'Bearer marked-secret' } });
  await fetch(`${site.url}/v1/track/markedmarkedmarkedmarked`);
  expect(written).toContain('/v1/track/{code}');
  expect(written).not.toMatch(/marked|abcdefghij/);
});
