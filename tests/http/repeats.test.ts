import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedCase, filing, listOf, startSite, still, until, type Body, type Site, type Told } from './given.js';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());

const keyed = (key: string) => ({ 'Idempotency-Key': key });

describe('the same Idempotency-Key', () => {
  interface Asked { name: string; who: string; path: string; body: Body; other: Body; status: number; version: string | null }

  it('gives the first answer again, also after later commands and after a restart of the API; with another body 422 key-reused', async () => {
    const path = await site.filed('ann');
    const title = { title: 'broken parcels', complaints: [] };
    const policy = { name: `p-${randomUUID()}`, tiers: { general: {}, serious: {}, urgent: {} } };
    const asked: Asked[] = [
      { name: 'intake', who: 'ann', path: '/v1/complaints', body: filing(), other: { ...filing(), text: 'another' }, status: 201, version: 'version' },
      { name: 'command', who: 'ann', path: `${path}/answer`, body: { message: 'sorry' }, other: { message: 'very sorry' }, status: 200, version: 'version' },
      { name: 'escalation', who: 'sue', path: `${path}/escalations`, body: { reason: 'now', to: 2 }, other: { reason: 'now', to: 3 }, status: 202, version: null },
      { name: 'investigation', who: 'quinn', path: '/v1/investigations', body: title, other: { title: 'other' }, status: 201, version: 'version' },
      { name: 'policy', who: 'adm', path: '/v1/policies', body: policy, other: { ...policy, warnAt: [50] }, status: 201, version: 'version' },
    ];
    const first: Told[] = [];
    for (const one of asked) {
      const answer = await site.call(one.who, 'POST', one.path, one.body, keyed(one.name));
      expect({ name: one.name, status: answer.status }).toEqual({ name: one.name, status: one.status });
      first.push(answer);
    }
    await until(async () => (await site.call('ann', 'GET', path)).told['rung'] === 2, 'the escalation');
    const repeated = async () => {
      for (const [i, one] of asked.entries()) {
        const again = await site.call(one.who, 'POST', one.path, one.body, keyed(one.name));
        expect(still(again.told), one.name).toEqual(still(first[i]!.told));
        expect([again.status, again.headers.get('ETag'), again.headers.get('Location')], one.name)
          .toEqual([one.status, first[i]!.headers.get('ETag'), first[i]!.headers.get('Location')]);
        expect((await site.call(one.who, 'POST', one.path, one.other, keyed(one.name))).told, one.name).toMatchObject({ status: 422, code: 'key-reused' });
      }
    };
    await repeated();

    const filed = `/v1/complaints/${String(first[0]!.told['id'])}`;
    await site.does('ann', `${filed}/note`, { text: 'later' });
    await site.does('ann', `${path}/note`, { text: 'later' });
    await site.does('quinn', `/v1/investigations/${String(first[3]!.told['id'])}/causes`, { category: 'method', text: 'later' });
    await site.does('adm', '/v1/policies', { ...policy, warnAt: [90] }, 201);
    const before = await site.kept();
    await repeated();
    await site.restartApi();
    await repeated();
    expect(await site.kept()).toEqual(before);
    const { told } = await site.call('ann', 'GET', path);
    expect(listOf(told, 'escalations').filter(({ cause }) => cause === 'signal')).toHaveLength(1);
  });

  it('counts for its caller and its path alone', async () => {
    const [one, two] = [await site.filed('ann'), await site.filed('ann')];
    const key = keyed('note-1');
    const versions = [];
    for (const [who, path] of [['ann', one], ['bob', one], ['ann', two], ['ann', one]] as const) {
      versions.push((await site.call(who, 'POST', `${path}/note`, { text: 'same' }, key)).told['version']);
    }
    expect(versions).toEqual([3, 4, 3, 3]);
  });

  it('does a command, an intake, a message and an escalation once, however many ask at once', async () => {
    const path = await site.filed('ann');
    const { told: { trackingCode } } = await site.call('ann', 'GET', path);
    const body = filing();
    const same = async (who: string | null, at: string, sent: Body) => {
      const key = keyed(`at-once-${at}`);
      const answers = await Promise.all(Array.from({ length: 6 }, () => site.call(who, 'POST', at, sent, key)));
      // one that is still in flight waits, or is told so
      for (const { status, told } of answers) if (status === 409) expect(told['code']).toBe('in-progress');
      const good = answers.filter(({ status }) => status !== 409);
      for (const one of good) expect(still(one.told)).toEqual(still(good[0]!.told));
      return [...new Set(good.map(({ status }) => status))];
    };
    expect(await same('ann', `${path}/answer`, { message: 'sorry' })).toEqual([200]);
    expect(await same('ann', '/v1/complaints', body)).toEqual([201]);
    expect(await same('sue', `${path}/escalations`, { reason: 'now' })).toEqual([202]);
    expect(await same(null, `/v1/track/${String(trackingCode)}/messages`, { text: 'are you there' })).toEqual([200]);
    const types = async () => listOf((await site.call('aud', 'GET', `${path}/timeline?limit=200`)).told, 'items').map(({ type }) => type);
    await until(async () => (await types()).includes('escalated'), 'the escalation');
    expect((await types()).sort()).toEqual(['accepted', 'answered', 'escalated', 'heard', 'received']);
    const mine = listOf((await site.call('ann', 'GET', '/v1/complaints?limit=200')).told, 'items');
    expect(mine.filter(({ customer }) => JSON.stringify(customer).includes(body.customer.key))).toHaveLength(1);
  });

  it('is free again after a refusal, which is not stored', async () => {
    const path = await site.filed('web', { channel: 'web' });
    const key = keyed('refused');
    const before = await site.kept();
    expect((await site.call('sue', 'POST', `${path}/answer`, { message: 'sorry' }, key)).told).toMatchObject({ status: 409, code: 'not-accepted' });
    expect((await site.call('sue', 'POST', `${path}/answer`, { message: 7 }, key)).status).toBe(422);
    expect(await site.kept()).toEqual(before);
    await site.does('ann', `${path}/accept`);
    // another body than the one that was refused: nothing of that is known any more
    expect((await site.call('sue', 'POST', `${path}/answer`, { message: 'we are sorry' }, key)).status).toBe(200);
  });

  it('gives the first answer again after the case was closed', async () => {
    const path = await site.filed('ann');
    const first = await site.call('ann', 'POST', `${path}/resolve`, { solution: 'a new parcel', agreed: true }, keyed('resolved'));
    await site.does('sue', `${path}/attribute`, { nature: 'customer', shares: [], note: 'n' });
    await site.does('sam', `${path}/decide`, { upheld: true, handling: 'none', note: 'n' });
    await site.does('sue', `${path}/waive`, { reason: 'r' });
    await site.does('sam', `${path}/approve-waiver`);
    const last = await site.call('bob', 'POST', `${path}/follow-up`, { satisfied: true }, keyed('last'));
    expect(last.told['status']).toBe('closed');
    for (const [who, command, body, was] of [['ann', 'resolve', { solution: 'a new parcel', agreed: true }, first], ['bob', 'follow-up', { satisfied: true }, last]] as const) {
      const again = await site.call(who, 'POST', `${path}/${command}`, body, keyed(command === 'resolve' ? 'resolved' : 'last'));
      expect(still(again.told)).toEqual(still(was.told));
    }
  });
});

describe('If-Match', () => {
  const tag = (version: unknown) => ({ 'If-Match': `"${String(version)}"` });

  it('refuses a stale one with 412 and keeps nothing, takes the current one, and comes after the check for a repeat', async () => {
    const path = await site.filed('ann');
    const current = (await site.call('ann', 'GET', path)).headers.get('ETag') ?? '';
    const first = await site.call('ann', 'POST', `${path}/answer`, { message: 'sorry' }, { 'If-Match': current, ...keyed('tagged') });
    expect(first.status).toBe(200);
    const before = [await site.kept(), await site.historyLength(path)];
    for (const stale of [tag(1), tag(99), { 'If-Match': current }, { 'If-Match': `W/"${String(first.told['version'])}"` }]) {
      expect((await site.call('ann', 'POST', `${path}/note`, { text: 'n' }, stale)).told).toMatchObject({ status: 412, code: 'stale' });
    }
    expect([await site.kept(), await site.historyLength(path)]).toEqual(before);
    const again = await site.call('ann', 'POST', `${path}/answer`, { message: 'sorry' }, { 'If-Match': current, ...keyed('tagged') });
    expect([again.status, still(again.told)]).toEqual([200, still(first.told)]);
    expect((await site.call('ann', 'POST', `${path}/note`, { text: 'n' }, tag(first.told['version']))).status).toBe(200);
    expect((await site.call('ann', 'POST', `${path}/note`, { text: 'n' }, { 'If-Match': '*' })).status).toBe(200);
  });

  it('lets one of two through that saw the same version', async () => {
    const path = await site.filed('ann');
    const answers = await Promise.all(['ann', 'bob'].map((who) => site.call(who, 'POST', `${path}/note`, { text: 'mine' }, tag(2))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('is no matter to an escalation', async () => {
    const path = await site.filed('ann');
    expect((await site.call('sue', 'POST', `${path}/escalations`, { reason: 'now' }, tag(1))).status).toBe(202);
  });

  it('goes before the rule that would refuse it: 412 and not 409, also once the case is closed', async () => {
    const path = await closedCase(site);
    const { told: { version } } = await site.call('ann', 'GET', path);
    expect((await site.call('ann', 'POST', `${path}/answer`, { message: 'x' }, tag(version))).told).toMatchObject({ status: 409, code: 'closed' });
    expect((await site.call('ann', 'POST', `${path}/answer`, { message: 'x' }, tag(1))).told).toMatchObject({ status: 412, code: 'stale' });
  });

  it('is taken by an investigation too', async () => {
    const opened = await site.does('quinn', '/v1/investigations', { title: 't' }, 201);
    const path = `/v1/investigations/${String(opened['id'])}`;
    await site.does('quinn', `${path}/causes`, { category: 'method', text: 'c', whys: ['1', '2', '3'] });
    expect((await site.call('quinn', 'POST', `${path}/causes/c1/finding`, { root: true, note: 'n' }, tag(1))).status).toBe(412);
    expect((await site.call('quinn', 'POST', `${path}/causes/c1/finding`, { root: true, note: 'n' }, tag(2))).status).toBe(200);
  });
});
