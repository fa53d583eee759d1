import { existsSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../bin/embedded/ports.js';
import { registerSearchAttributes } from '../../engine/searchAttributes.js';
import { liveState } from '../harness/live.js';
import { startProxy, type Proxy } from '../harness/proxy.js';
import { startSystem, testKeys, until, word, type System } from '../harness/system.js';
import { launch, ownSetUp, type Launched, type Own } from './given.js';

const sue = { by: 'sue', role: 'supervisor', rung: 2, department: null } as const;
const web = { by: 'web', role: 'channel', rung: null, department: null } as const;

function through(url: string, proxy: Proxy): string {
  const through = new URL(url);
  through.port = String(proxy.port);
  return through.href;
}

describe('a process whose log is full', () => {
  it.runIf(existsSync('/dev/full'))('works, and ends when it is told to', async () => {
    const own = await ownSetUp();
    const port = String(await freePort());
    const worker = launch('worker', { ...own.env, THREEFOLD_WORKER_PORT: port, LOG_LEVEL: 'trace' }, openSync('/dev/full', 'w'));
    const isReady = () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status === 200, () => false);
    await until(isReady, 'the worker');
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
  });
});

describe('an API that is told to stop', () => {
  let own: Own;
  let proxy: Proxy;
  let api: Launched;
  let base: string;

  beforeEach(async () => {
    own = await ownSetUp();
    proxy = await startProxy(new URL(own.databaseUrl).host);
  });
  afterEach(async () => {
    api.signal('SIGKILL');
    await api.ended;
    await proxy.close();
  });

  async function start(env: Record<string, string>): Promise<void> {
    api = launch('api', { ...own.env, DATABASE_URL: through(own.databaseUrl, proxy), ...env });
    base = `http://127.0.0.1:${String((await api.line('api is listening'))['port'])}`;
  }

  async function file(): Promise<Response> {
    const body = JSON.stringify({ channel: 'phone', text: 'the parcel was broken', customer: { key: 'CRM-1' } });
    return fetch(`${base}/v1/complaints`, { method: 'POST', headers: { 'Authorization': `Bearer ${await own.token('agent')}`, 'Content-Type': 'application/json' }, body });
  }

  /** It works, and is told to stop while one request is under way. */
  async function toldToStop(): Promise<{ slow: Promise<Response> }> {
    expect((await file()).status).toBe(201);
    proxy.hold();
    const slow = file();
    await pause(300);
    api.signal('SIGTERM');
    return { slow };
  }

  it('says at once that it is not ready, answers what is under way, and ends; a second signal changes nothing', async () => {
    await start({ THREEFOLD_DRAIN_SECONDS: '3' });
    const { slow } = await toldToStop();
    await api.line('api stops');
    const readyz = await fetch(`${base}/readyz`);
    expect([readyz.status, await readyz.json()]).toEqual([503, { status: 'stopping' }]);
    expect((await fetch(`${base}/livez`)).headers.get('connection')).toBe('close');
    api.signal('SIGTERM');
    await proxy.pass();
    expect((await slow).status).toBe(201);
    expect(await api.ended).toBe(0);
  });

  it('takes no new connections after that, and still answers what is under way', async () => {
    await start({});
    const { slow } = await toldToStop();
    await api.line('api stops');
    await until(() => fetch(`${base}/livez`).then(() => false, () => true), 'the port to be closed');
    await proxy.pass();
    expect((await slow).status).toBe(201);
    expect(await api.ended).toBe(0);
  });

  it('cuts what outlasts its grace', async () => {
    await start({ THREEFOLD_SHUTDOWN_GRACE_SECONDS: '1' });
    const { slow } = await toldToStop();
    expect(await slow.then(({ status }) => status, () => 'cut')).toBe('cut');
    expect(await api.ended).toBe(0);
  });
});

describe('a worker', () => {
  let own: Own;
  let driver: System;
  let database: Proxy;
  let engine: Proxy;
  let worker: Launched;

  beforeAll(async () => {
    driver = await startSystem({ worker: false });
    own = await ownSetUp();
    // the database is the driver's, and so is the key that it was begun with
    writeFileSync(own.keys.master, testKeys.masterKey.toString('base64'));
    Object.assign(own.env, { TEMPORAL_NAMESPACE: driver.place.namespace, THREEFOLD_WORKER_PORT: '0' });
    database = await startProxy(new URL(driver.databaseUrl).host);
    engine = await startProxy(driver.place.address);
    Object.assign(own.env, { DATABASE_URL: through(driver.databaseUrl, database), TEMPORAL_ADDRESS: engine.address });
  });
  afterAll(async () => {
    await driver.stop();
    await Promise.all([database.close(), engine.close()]);
  });
  afterEach(async () => {
    worker.signal('SIGKILL');
    await worker.ended;
    await Promise.all([database.pass(), engine.pass()]);
  });

  async function start(env: Record<string, string> = {}): Promise<{ ask: (path: string) => Promise<{ status: number; text: string }> }> {
    worker = launch('worker', { ...own.env, ...env });
    const { port } = await worker.line('worker answers about itself');
    return {
      ask: async (path) => {
        const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`);
        return { status: answer.status, text: await answer.text() };
      },
    };
  }

  it('finishes its activity when it is told to stop, at its first attempt', async () => {
    await start();
    await worker.line('worker is running');
    const { id } = await driver.file(web);
    await until(() => liveState(driver.parts, id), 'the start of the case');
    database.hold();
    await driver.engine.escalate({ id, actor: sue, data: { reason: word(), to: 2 }, words: [], owner: id, key: null });
    const attempts = async () => JSON.stringify((await driver.parts.client.workflow.getHandle(`complaint-${id}`).describe()).raw.pendingActivities ?? []);
    await until(async () => (await attempts()).includes('PENDING_ACTIVITY_STATE_STARTED') || (await attempts()).includes('"state":2'), 'the activity to be under way');
    worker.signal('SIGTERM');
    await worker.line('worker stops');
    worker.signal('SIGTERM');
    await pause(500);
    await database.pass();
    expect(await worker.ended).toBe(0);
    const { events } = await driver.parts.client.workflow.getHandle(`complaint-${id}`).fetchHistory();
    const started = events?.flatMap(({ activityTaskStartedEventAttributes: one }) => (one ? [one.attempt] : []));
    const completed = events?.filter(({ activityTaskCompletedEventAttributes: one }) => one).length;
    expect({ started, completed }).toEqual({ started: [1], completed: 1 });
    const recorded = await driver.parts.database.client.event.count({ where: { complaint: id, type: 'escalated' } });
    expect(recorded).toBe(1);
  });

  it('answers about itself: alive, ready while database and engine answer, and what it counts', async () => {
    const { ask } = await start();
    await until(async () => (await ask('/readyz')).status === 200, 'the worker to be ready');
    expect(JSON.parse((await ask('/readyz')).text)).toEqual({ status: 'ready', worker: 'running', database: 'up', engine: 'up' });
    expect((await ask('/livez')).status).toBe(200);
    expect((await ask('/metrics')).text).toMatch(/^threefold_/m);
    expect((await ask('/elsewhere')).status).toBe(404);
    await database.refuse();
    await until(async () => (await ask('/readyz')).text.includes('"database":"away"'), 'the database to be missed');
    await engine.refuse();
    await until(async () => (await ask('/readyz')).text.includes('"engine":"away"'), 'the engine to be missed');
    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/livez')).status).toBe(200);
    await Promise.all([database.pass(), engine.pass()]);
    await until(async () => (await ask('/readyz')).status === 200, 'the worker to be ready again', 40_000);
  });

  it('waits for a namespace that is not there yet, and says that it lacks search attributes', async () => {
    const namespace = `late-${Date.now()}`;
    const connection = await Connection.connect({ address: driver.place.address });
    const { ask } = await start({ TEMPORAL_NAMESPACE: namespace });
    await worker.line('the namespace is not there yet: make it, or run "threefold migrate --create-namespace"');
    expect(JSON.parse((await ask('/readyz')).text)).toMatchObject({ status: 'unready', engine: 'unprepared' });
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msNumberToTs(86_400_000) });
    await worker.line('the namespace lacks search attributes, so no complaint can be started: run "threefold migrate"');
    await worker.line('worker is running');
    expect((await ask('/readyz')).text).toContain('"engine":"unprepared"');
    await registerSearchAttributes(connection, namespace);
    await until(async () => (await ask('/readyz')).status === 200, 'the worker to be ready', 40_000);
    await connection.close();
  });

  it('waits for an engine that is not there yet, and can be stopped while it does', async () => {
    await engine.refuse();
    const { ask } = await start();
    await worker.line('the engine does not answer yet');
    expect([(await ask('/livez')).status, (await ask('/readyz')).status]).toEqual([200, 503]);
    await engine.pass();
    await worker.line('worker is running');
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);

    await engine.refuse();
    await start();
    await worker.line('the engine does not answer yet');
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
  });
});
