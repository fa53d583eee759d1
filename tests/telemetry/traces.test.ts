import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolve } from 'node:path';
import { openTelemetry } from '../../telemetry/open.js';
import { startCollector, type Collector, type Seen } from './collector.js';
import { startWatched, traceparentOf, until, type Watched } from './given.js';
import { liveState } from '../harness/live.js';

const OUTSIDE = 'b7ad6b7169203331';
const MARK = 'Zanzibar-7781';
let collector: Collector;
let site: Watched;
let id = '';
let code = '';

const traces = { filed: 'a'.repeat(31) + '1', answered: 'a'.repeat(31) + '2', escalated: 'a'.repeat(31) + '3', tracked: 'a'.repeat(31) + '4', refused: 'a'.repeat(31) + '5' };
const sent = (traceId: string) => ({ traceparent: traceparentOf(traceId), tracestate: `vendor=${MARK}`, baggage: `name=${MARK}` });

/** Waits for a trace that has all of these spans. */
async function trace(traceId: string, names: string[]): Promise<Seen[]> {
  const found = () => collector.spans.filter((span) => span.traceId === traceId);
  await until(() => Promise.resolve(names.every((name) => found().some((span) => span.name === name))), `${names.join(', ')}; there are ${found().map(({ name }) => name).join(', ')}`, 30_000);
  return found();
}

/** The names from a span up to the one without a parent among them, and that parent. */
function ancestors(spans: Seen[], name: string): string[] {
  const found = spans.find((span) => span.name === name);
  if (!found) return [];
  const parent = spans.find((span) => span.spanId === found.parentSpanId);
  return [found.name, ...(parent ? ancestors(spans, parent.name) : [found.parentSpanId])];
}

beforeAll(async () => {
  collector = await startCollector();
  const telemetry = await openTelemetry({ tracing: { endpoint: collector.endpoint, service: 'threefold-test', version: '1' }, core: null });
  site = await startWatched({ api: { ...telemetry, bundle: resolve('dist/workflows.traced.bundle.js') } });
  const filed = await site.call('ann', 'POST', '/v1/complaints', { channel: 'phone', text: `${MARK} broke`, customer: { key: `K-${randomUUID()}`, name: MARK } }, sent(traces.filed));
  const complaint = await filed.json() as { id: string; trackingCode: string };
  ({ id, trackingCode: code } = complaint);
  await until(() => liveState(site.api, id), 'the start');
  expect((await site.call('ann', 'POST', `/v1/complaints/${id}/answer`, { message: `sorry, ${MARK}` }, sent(traces.answered))).status).toBe(200);
  expect((await site.call('sue', 'POST', `/v1/complaints/${id}/escalations`, { reason: `${MARK} is angry`, to: 2 }, sent(traces.escalated))).status).toBe(202);
  expect((await site.call(null, 'GET', `/v1/track/${code}`, undefined, sent(traces.tracked))).status).toBe(200);
  expect((await site.call('ann', 'POST', `/v1/complaints/${id}/finalize`, { message: MARK, parts: {}, externalRoute: MARK }, sent(traces.refused))).status).toBe(403);
});
afterAll(async () => {
  await site.stop();
  await collector.close();
});

describe('a trace', () => {
  it('begins with the caller, and goes from an intake to the start of its case', async () => {
    const spans = await trace(traces.filed, ['POST /v1/complaints', 'INSERT intent', 'StartWorkflow:complaint', 'RunWorkflow:complaint']);
    expect(ancestors(spans, 'RunWorkflow:complaint')).toEqual(['RunWorkflow:complaint', 'StartWorkflow:complaint', 'POST /v1/complaints', OUTSIDE]);
  });

  it('has the three steps of a command in it: intent, update, record', async () => {
    const spans = await trace(traces.answered, ['POST /v1/complaints/{id}/answer', 'INSERT intent', 'StartWorkflowUpdate:answer', 'HandleUpdate:answer', 'UPDATE complaint']);
    expect(ancestors(spans, 'HandleUpdate:answer')).toEqual(['HandleUpdate:answer', 'StartWorkflowUpdate:answer', 'POST /v1/complaints/{id}/answer', OUTSIDE]);
    for (const name of ['INSERT intent', 'UPDATE complaint']) expect(ancestors(spans, name)).toEqual([name, 'POST /v1/complaints/{id}/answer', OUTSIDE]);
    expect(spans.find(({ name }) => name === 'POST /v1/complaints/{id}/answer')?.attributes).toMatchObject({
      'http.request.method': 'POST', 'http.route': '/v1/complaints/{id}/answer', 'http.response.status_code': '200', 'threefold.subject': id, 'temporalWorkflowId': `complaint-${id}`,
    });
  });

  it('goes from a request through client, signal and workflow to the activity that records what came of it', async () => {
    const spans = await trace(traces.escalated, ['POST /v1/complaints/{id}/escalations', 'SignalWorkflow:escalate', 'HandleSignal:escalate', 'RunActivity:record', 'UPDATE complaint']);
    expect(ancestors(spans, 'UPDATE complaint')).toEqual([
      'UPDATE complaint', 'RunActivity:record', 'HandleSignal:escalate', 'SignalWorkflow:escalate', 'POST /v1/complaints/{id}/escalations', OUTSIDE,
    ]);
    expect(spans.find(({ name }) => name === 'RunActivity:record')?.attributes).toMatchObject({ temporalWorkflowId: `complaint-${id}` });
  });

  it('names a route as it is declared, so that no tracking code is in it', async () => {
    const spans = await trace(traces.tracked, ['GET /v1/track/{code}']);
    expect(JSON.stringify(spans)).not.toContain(code);
  });

  it('holds ids, and neither words nor what a caller says in tracestate or baggage; nor does the history', async () => {
    await trace(traces.refused, ['POST /v1/complaints/{id}/finalize']);
    expect(collector.spans.filter(({ whole }) => whole.includes(MARK))).toEqual([]);
    const { events } = await site.api.client.workflow.getHandle(`complaint-${id}`).fetchHistory();
    const payloads = [...JSON.stringify(events).matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) => Buffer.from(data, 'base64').toString());
    expect(payloads.filter((text) => text.includes(traces.answered))).toHaveLength(1);
    expect(payloads.filter((text) => text.includes(MARK))).toEqual([]);
  });
});

describe('a line of the log', () => {
  it('carries the ids of its request, case, run and trace, and no words', () => {
    const line = site.lines.find((one) => one['route'] === '/v1/complaints/{id}/answer');
    expect(line).toMatchObject({ msg: 'request', method: 'POST', status: 200, subject: id, caller: 'ann', workflowId: `complaint-${id}`, traceId: traces.answered });
    expect(line?.['requestId']).toMatch(/^[\w.-]{8,64}$/);
    expect(line?.['runId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(site.lines.find((one) => one['route'] === '/v1/complaints')).toMatchObject({ subject: id, status: 201 });
    expect(JSON.stringify(site.lines)).not.toContain(MARK);
    expect(JSON.stringify(site.lines)).not.toContain(code);
  });

  it('takes a request id that is safe, gives one where it is not, and tells it back', async () => {
    const given = 'order-4711.A_b';
    const answer = await site.call('ann', 'GET', `/v1/complaints/${id}`, undefined, { 'X-Request-Id': given });
    expect(answer.headers.get('X-Request-Id')).toBe(given);
    await until(() => Promise.resolve(site.lines.some((one) => one['requestId'] === given)), 'the line');
    for (const unsafe of ['short', 'x'.repeat(65), 'two words', '{"json":1}', 'näher-dran-1']) {
      const other = await site.call('ann', 'GET', `/v1/complaints/${id}`, undefined, { 'X-Request-Id': encodeURI(unsafe) === unsafe ? unsafe : encodeURI(unsafe) });
      expect(other.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
