import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { isAlive } from '../../bin/embedded/identity.js';
import { parts, readState } from '../../bin/embedded/state.js';
import { freshFolder, startThreefold, threefold } from '../harness/threefold.js';
import { until } from './given.js';

const Event = z.object({ seq: z.int(), at: z.string(), by: z.string(), type: z.string(), data: z.record(z.string(), z.unknown()) });

/** Seconds instead of hours; nobody answers, and the ladder goes to the top. */
const rehearsal = {
  name: 'killed', warnAt: [50],
  tiers: { general: { response: 'PT8S', resolution: 'PT12S', rung: 0, top: 3 }, serious: {}, urgent: {} },
  clocks: { acknowledge: 'PT1H' },
  ladder: [
    { clock: 'response', on: 'warning:50', raise: 1 }, { clock: 'response', on: 'breach', raise: 1 }, { clock: 'resolution', on: 'breach', raise: 1 },
  ],
};

it('a breach while everything was killed is recorded with its true instant on return, and the rungs are raised in order', async () => {
  const data = freshFolder();
  const env = { THREEFOLD_DATA: data };
  let started = await startThreefold(data);
  const token = async (role: string) => (await threefold(['token', '--role', role, '--sub', role], env)).stdout.trim();
  const [agent, admin, auditor] = await Promise.all(['agent', 'admin', 'auditor'].map(token));
  const call = async (bearer: string | undefined, method: string, path: string, body?: unknown) => {
    const response = await fetch(started.api + path, {
      method, headers: { 'Authorization': `Bearer ${bearer ?? ''}`, 'Content-Type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, told: z.record(z.string(), z.unknown()).parse(await response.json()) };
  };
  const published = await call(admin, 'POST', '/v1/policies', rehearsal);
  expect({ status: published.status, told: published.status === 201 ? null : published.told }).toEqual({ status: 201, told: null });

  const filed = await call(agent, 'POST', '/v1/complaints', { channel: 'phone', text: 'the parcel was broken', customer: { key: 'CRM-1' }, policy: 'killed' });
  expect(filed.status).toBe(201);
  const path = `/v1/complaints/${String(filed.told['id'])}`;
  const receivedAt = Date.parse(String(filed.told['receivedAt']));
  const after = (ms: number) => new Date(receivedAt + ms).toISOString();
  await until(async () => (await call(auditor, 'GET', `${path}/history`)).status === 200, 'the start of the case');

  // the parent first, or it would start again what it sees end
  const running = parts.map((part) => readState(join(data, 'state.json'))!.processes[part]!);
  started.process.kill('SIGKILL');
  for (const { pid } of running) process.kill(pid, 'SIGKILL');
  await once(started.process, 'exit');
  expect(Date.now()).toBeLessThan(receivedAt + 8_000);
  await until(() => Promise.resolve(!running.some(isAlive)), 'everything to be dead');
  await pause(Math.max(0, receivedAt + 13_000 - Date.now()));

  started = await startThreefold(data);
  const restarted = new Date().toISOString();
  const events = await until(async () => {
    const { told } = await call(auditor, 'GET', `${path}/timeline?limit=200`);
    const items = z.array(Event).parse(told['items']);
    return items.filter(({ type }) => type === 'escalated').length === 3 ? items : null;
  }, 'the third rung', 30_000);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, i) => i + 1));
  expect(events.slice(2).map(({ type, at, by, data: { percent, clock, from, to, cause } }) => ({ type, at, by, what: percent ?? (type === 'escalated' ? [from, to, cause] : clock) }))).toEqual([
    { type: 'clock_warned', at: after(4_000), by: 'system', what: 50 },
    { type: 'escalated', at: after(4_000), by: 'system', what: [0, 1, 'warning'] },
    { type: 'clock_warned', at: after(6_000), by: 'system', what: 50 },
    { type: 'clock_breached', at: after(8_000), by: 'system', what: 'response-1' },
    { type: 'escalated', at: after(8_000), by: 'system', what: [1, 2, 'breach'] },
    { type: 'clock_breached', at: after(12_000), by: 'system', what: 'resolution-1' },
    { type: 'escalated', at: after(12_000), by: 'system', what: [2, 3, 'breach'] },
  ]);
  expect(after(12_000) < restarted).toBe(true);
  const { told } = await call(agent, 'GET', path);
  expect(told).toMatchObject({ rung: 3, owner: 'agent', status: 'open' });
  const clocks = z.array(z.record(z.string(), z.unknown())).parse(told['clocks']);
  expect(clocks.find(({ id }) => id === 'response-1')).toMatchObject({ state: 'breached', dueAt: after(8_000), breachedAt: after(8_000), stoppedAt: null });
  const late = await call(agent, 'POST', `${path}/answer`, { message: 'sorry that it took so long' });
  expect(late.status).toBe(200);

  expect((await call(auditor, 'POST', `${path}/replay`)).told).toMatchObject({ deterministic: true, differences: [] });
  const { code, stdout } = await threefold(['audit', 'replay', '--all', '--json'], env);
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ cases: 1, different: 0 })]);
  expect(await started.stop()).toBe(0);
}, 120_000);
