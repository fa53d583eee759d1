import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../domain/event.js';
import type { ComplaintRequest } from '../../engine/engine.js';
import { complaintById } from '../../prisma/complaints.js';
import { eventsUpTo } from '../../prisma/events.js';
import { liveState } from '../harness/live.js';
import { bundle, startSystem, testKeys, until, word, type System } from '../harness/system.js';
import type { Order, Point } from '../harness/victim.js';

const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };
const sue: Actor = { by: 'sue', role: 'supervisor', rung: 1, department: null };

/** Design, one command, three steps: whoever dies where, a command is there once, `seq` has no gap, and the replay is the record. */
describe('nothing is lost when a process is killed', () => {
  let system: System;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(async () => {
    await system.stop();
  });

  function spawned(point: Point | null, request: ComplaintRequest | null): ChildProcess {
    const order: Order = {
      databaseUrl: system.databaseUrl,
      place: system.place,
      bundle,
      point,
      request,
      masterKey: testKeys.masterKey.toString('base64'),
      commandKey: testKeys.commandKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const child = spawn(process.execPath, ['--import', 'tsx', resolve('tests/harness/victim.ts')], {
      env: { ...process.env, ORDER: JSON.stringify(order) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  }

  async function worker(point: Point | null = null): Promise<ChildProcess> {
    const child = spawned(point, null);
    await once(child.stdout ?? child, 'data');
    return child;
  }

  async function killed(child: ChildProcess): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
  }

  async function answerOf(id: string): Promise<{ request: ComplaintRequest; ref: string }> {
    const ref = word();
    const row = await complaintById(system.parts.database, id);
    return {
      ref,
      request: {
        subject: 'complaint',
        id,
        actor: ann,
        name: 'answer',
        data: { message: ref, parts: null },
        owner: row?.customer ?? '',
        words: [{ ref, text: 'we are sorry' }],
        key: { digest: word(), body: 'same' },
        ifMatch: null,
      },
    };
  }

  /** A sweeper waits for the lease of whoever wrote the intent; that one is dead. */
  async function leasesEnd(): Promise<void> {
    await system.parts.database.client.intent.updateMany({ where: { state: 'open' }, data: { lease_until: new Date(0) } });
  }

  async function holds(id: string, ref: string): Promise<void> {
    await until(async () => {
      await leasesEnd();
      return (await system.parts.database.client.intent.count({ where: { state: 'open', subject_id: id } })) === 0;
    }, 'every intent to be done');
    const events = await eventsUpTo(system.parts.database, 'complaint', id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter((event) => event.type === 'answered' && event.data.message === ref)).toHaveLength(1);
    expect((await system.parts.vault.read([ref])).get(ref)).toBe('we are sorry');
    expect(await system.parts.audit.replay('complaint', id)).toMatchObject({ deterministic: true, differences: [] });
  }

  const points = ['intent committed', 'update accepted', 'answer received', 'outcome committed'] as const;

  it('the API, at each point', async () => {
    const alive = await worker();
    for (const point of points) await survives(point);
    alive.kill('SIGKILL');
  });

  async function survives(point: Point): Promise<void> {
    const { id } = await system.file(ann);
    const { request, ref } = await answerOf(id);
    await killed(spawned(point, request));
    await leasesEnd();
    const again = await system.engine.command(request);
    expect(again).toMatchObject({ repeated: true, state: { tracks: { customer: 'answered' } } });
    await holds(id, ref);
  }

  it.each(points)('the worker, when the API is at: %s', async (point) => {
    const first = await worker();
    const { id } = await system.file(ann);
    await until(() => liveState(system.parts, id), 'the start');
    const { request, ref } = await answerOf(id);
    if (point === 'intent committed') first.kill('SIGKILL');
    const api = spawned(point === 'intent committed' ? null : point, request);
    if (point === 'intent committed')
      await until(() => system.parts.database.client.intent.findFirst({ where: { subject_id: id, name: 'answer' } }), 'the intent');
    else await killed(api);
    first.kill('SIGKILL');
    const second = await worker();
    if (api.exitCode === null && api.signalCode === null) await once(api, 'exit');
    await holds(id, ref);
    second.kill('SIGKILL');
  });

  it.each(['before recording', 'after recording'] as const)('the worker, %s', async (point) => {
    const mortal = await worker(point);
    const { id } = await system.file(ann);
    const { request, ref } = await answerOf(id);
    await system.engine.command(request);
    const reason = word();
    await system.engine.escalate({
      id,
      actor: sue,
      data: { reason, to: null },
      words: [{ ref: reason, text: 'now' }],
      owner: request.owner,
      key: null,
    });
    await killed(mortal);
    const second = await worker();
    await until(async () => (await complaintById(system.parts.database, id))?.state.rung === 1, 'the recording', 40_000);
    await holds(id, ref);
    second.kill('SIGKILL');
  });
});
