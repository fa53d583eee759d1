import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clockNames } from '../../domain/sla/clock.js';
import { apiInstruments, workerInstruments } from '../../bin/instruments.js';
import { publishPolicy } from '../../prisma/policies.js';
import { hasty } from '../workflows/policies.js';
import { samplesOf, startWatched, until, type Watched } from './given.js';
import { liveState } from '../harness/live.js';

const MARK = 'Zanzibar-7781';
let site: Watched;
let metrics: { api(): Promise<string>; worker(): Promise<string> };
let id = '';
let code = '';

beforeAll(async () => {
  const worker = await workerInstruments({ tracing: null, health: {} });
  site = await startWatched({ api: await apiInstruments(null), worker });
  metrics = {
    api: async () => (await fetch(`${site.url}/metrics`)).text(),
    worker: async () => (await worker.metrics?.())?.body ?? '',
  };
  await publishPolicy(site.api.database, hasty, 'admin');
  const filing = { channel: 'phone', text: MARK, customer: { key: `K-${randomUUID()}`, name: MARK } };
  ({ id, trackingCode: code } = await (await site.call('ann', 'POST', '/v1/complaints', { ...filing, policy: 'hasty' })).json() as { id: string; trackingCode: string });
  await until(() => liveState(site.api, id), 'the start');
  await site.call('ann', 'POST', `/v1/complaints/${id}/answer`, { message: MARK });
  await site.call('ann', 'POST', `/v1/complaints/${id}/close`, {});
  await site.call('ann', 'POST', `/v1/complaints/${id}/answer`, {});
  await site.call(null, 'GET', `/v1/track/${code}`);
  for (let i = 0; i < 5; i += 1) await site.call('ann', 'GET', `/v1/nowhere/${randomUUID()}?q=${MARK}`);
  await fetch(`${site.url}/wp-admin/${MARK}`, { method: 'PROPFIND' });
});
afterAll(() => site.stop());

function labelsOf(text: string, name: string): Record<string, string>[] {
  return samplesOf(text).filter((sample) => sample.name === name).map(({ labels }) => labels);
}

describe('GET /metrics of an API', () => {
  it('answers in the form that Prometheus reads, without a login', async () => {
    const answer = await fetch(`${site.url}/metrics`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(samplesOf(await answer.text()).length).toBeGreaterThan(50);
  });

  it('times requests by declared route, and whatever no route takes as one', async () => {
    const seen = labelsOf(await metrics.api(), 'threefold_http_request_seconds_count');
    expect(seen).toContainEqual({ method: 'POST', route: '/v1/complaints', status: '201' });
    expect(seen).toContainEqual({ method: 'POST', route: '/v1/complaints/{id}/answer', status: '200' });
    expect(seen).toContainEqual({ method: 'POST', route: '/v1/complaints/{id}/answer', status: '422' });
    expect(seen).toContainEqual({ method: 'GET', route: 'none', status: '404' });
    expect(seen).toContainEqual({ method: 'OTHER', route: 'none', status: '404' });
    expect(seen.filter(({ route }) => route === 'none')).toHaveLength(2);
  });

  it('times commands by what came of them', async () => {
    const seen = labelsOf(await metrics.api(), 'threefold_command_seconds_count');
    expect(seen).toEqual(expect.arrayContaining([
      { subject: 'complaint', command: 'file', outcome: 'done' },
      { subject: 'complaint', command: 'answer', outcome: 'done' },
    ]));
  });

  it('tells clocks, what is due, backlogs and the pool, each with every label of its list', async () => {
    const text = await metrics.api();
    expect(labelsOf(text, 'threefold_clocks')).toHaveLength(clockNames.length * 4);
    expect(labelsOf(text, 'threefold_cases_due').map(({ within }) => within)).toEqual(['overdue', '15m', '1h', '4h']);
    expect(labelsOf(text, 'threefold_intents_open').map(({ kind }) => kind)).toEqual(['start', 'command', 'signal']);
    expect(labelsOf(text, 'threefold_deliveries_pending').map(({ audience }) => audience)).toEqual(['customer', 'staff']);
    expect(labelsOf(text, 'threefold_database_pool').map(({ state }) => state)).toEqual(['total', 'idle', 'waiting']);
    expect(samplesOf(text).find(({ name }) => name === 'threefold_database_up')?.value).toBe(1);
  });
});

describe('GET /metrics of a worker', () => {
  it('tells how late the timers of cases were', async () => {
    const lateness = async (name: string) => samplesOf(await metrics.worker()).find((sample) => sample.name === `threefold_timer_lateness_seconds_${name}`)?.value ?? 0;
    await until(async () => (await lateness('count')) > 0, 'a timer of the case');
    expect((await lateness('sum')) / (await lateness('count'))).toBeGreaterThanOrEqual(1);
  });

  it('has those of the SDK\'s native part in the same answer, each metric described once', async () => {
    const text = await metrics.worker();
    const names = samplesOf(text).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['temporal_request_total', 'temporal_workflow_task_execution_latency_seconds_count', 'temporal_worker_task_slots_available']));
    const described = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(described).toEqual([...new Set(described)]);
  });
});

it('neither holds anything of a person, a case or an address', async () => {
  for (const text of [await metrics.api(), await metrics.worker()]) {
    for (const secret of [MARK, id, code, 'ann', 'wp-admin', 'K-']) expect({ secret, found: labelled(text, secret) }).toEqual({ secret, found: [] });
  }
});

it('an engine or database that is away leaves the gauges out, rather than old', async () => {
  const instruments = await apiInstruments(null);
  const away = { ...site.api.database, query: () => Promise.reject(new Error('away')) };
  instruments.connected?.(away);
  const { body = '' } = (await instruments.metrics?.()) ?? {};
  expect(samplesOf(body).find(({ name }) => name === 'threefold_database_up')?.value).toBe(0);
  expect(samplesOf(body).filter(({ name }) => name === 'threefold_intents_open')).toEqual([]);
});

function labelled(text: string, secret: string): unknown[] {
  return samplesOf(text).filter(({ labels }) => Object.values(labels).some((value) => value === secret || (secret.length > 3 && value.includes(secret))));
}
