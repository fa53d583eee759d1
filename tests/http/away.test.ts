import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedCase, filing, idOf, listOf, startSite, until, type Site } from './given.js';
import { startEngine, type OwnEngine } from './ownEngine.js';
import { freshFolder } from '../harness/threefold.js';

/** Intake and reads need only the database; a command is told within its time that it may be repeated, and is then done once. */
describe('while the engine is away', () => {
  let engine: OwnEngine;
  let site: Site;
  let path: string;
  let closed: string;
  let filedMeanwhile: string;
  const key = { 'Idempotency-Key': 'while-away' };

  beforeAll(async () => {
    engine = await startEngine(join(freshFolder(), 'temporal.db'));
    site = await startSite({ place: engine.place });
    path = await site.filed('ann');
    closed = await closedCase(site);
    await until(() => site.parts.database.client.history.findFirst({ where: { id: idOf(closed) } }), 'the stored history');
    await engine.kill();
  });
  afterAll(async () => {
    // a worker cannot say good-bye to nobody
    await engine.start();
    await site.stop();
    await engine.kill();
  });

  it('intake is 201 at once', async () => {
    const before = Date.now();
    const filed = await site.call('ann', 'POST', '/v1/complaints', { ...filing(), type: 'logistics' }, key);
    expect([filed.status, filed.told['status']]).toEqual([201, 'open']);
    expect(Date.now() - before).toBeLessThan(2_000);
    filedMeanwhile = `/v1/complaints/${String(filed.told['id'])}`;
  });

  it('reads come from Postgres, within their second', async () => {
    const before = Date.now();
    for (const one of [path, filedMeanwhile]) expect((await site.call('ann', 'GET', one)).told).toMatchObject({ version: 2, text: 'the parcel was broken' });
    expect(Date.now() - before).toBeLessThan(4_000);
    const listed = listOf((await site.call('ann', 'GET', '/v1/complaints?owner=ann')).told, 'items').map(({ id }) => id);
    expect(listed.sort()).toEqual([idOf(path), idOf(closed), idOf(filedMeanwhile)].sort());
    const { status, told } = await site.call('aud', 'GET', `${path}/timeline`);
    expect([status, told['items']]).toEqual([200, [expect.objectContaining({ type: 'received' }), expect.objectContaining({ type: 'accepted' })]]);
  });

  it('says that it is alive, and what is away', async () => {
    expect((await site.call(null, 'GET', '/livez')).status).toBe(200);
    expect((await site.call(null, 'GET', '/readyz')).told).toEqual({ status: 'degraded', database: 'up', engine: 'away' });
  });

  it('the history of a closed case comes from the stored export', async () => {
    const history = await site.call('aud', 'GET', `${closed}/history`);
    expect([history.status, listOf(history.told, 'events').length > 10]).toEqual([200, true]);
  });

  it('a command and an escalation get 503 in time, and are done once when they are repeated under their key', async () => {
    const before = Date.now();
    const ask = () => Promise.all([
      site.call('ann', 'POST', `${path}/answer`, { message: 'sorry' }, key),
      site.call('sue', 'POST', `${path}/escalations`, { reason: 'now', to: 2 }, key),
      site.call('ann', 'POST', `${filedMeanwhile}/answer`, { message: 'sorry' }, key),
      site.call('aud', 'GET', `${path}/history`),
    ]);
    for (const { status, told, headers } of await ask()) {
      expect({ status, code: told['code'] }).toEqual({ status: 503, code: expect.stringMatching(/^(outcome-unknown|engine-away)$/) });
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(headers.get('Content-Type')).toContain('application/problem+json');
    }
    expect(Date.now() - before).toBeLessThan(20_000);

    await engine.start();
    const done = await until(async () => {
      const answers = await ask();
      return answers.every(({ status }) => status < 300) ? answers : null;
    }, 'the engine to answer', 40_000);
    expect(done.map(({ status }) => status)).toEqual([200, 202, 200, 200]);
    await until(async () => (await site.call('ann', 'GET', path)).told['rung'] === 2, 'the escalation');
    await pause(1_000);
    for (const [one, expected] of [[path, ['accepted', 'answered', 'escalated', 'received']], [filedMeanwhile, ['accepted', 'answered', 'received']]] as const) {
      const items = listOf((await site.call('aud', 'GET', `${one}/timeline`)).told, 'items');
      expect(items.map(({ type }) => type).sort()).toEqual(expected);
      expect((await site.call('aud', 'POST', `${one}/replay`)).told).toMatchObject({ deterministic: true, differences: [] });
    }
  });
});
