import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../domain/event.js';
import { instant } from '../../domain/time.js';
import { createEngine } from '../../engine/create.js';
import { workflowId } from '../../engine/ids.js';
import { createPace, heldBy } from '../../engine/pace.js';
import { createPatience } from '../../engine/patience.js';
import { createQueue } from '../../engine/queue.js';
import { createSweeper } from '../../engine/sweeper.js';
import { intentById, takeIntent } from '../../prisma/intents.js';
import { createDriver, takenIn } from '../harness/driver.js';
import { liveState } from '../harness/live.js';
import { startSystem, until, word, type System } from '../harness/system.js';
import { untilNone } from '../harness/until.js';

const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };

describe('a sweeper', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  /** A note on a case, left open by whoever wrote it, in a lease that has run out. */
  async function leftOpen(id: string): Promise<string> {
    const command = { id: randomUUID(), name: 'note' as const, at: instant(Date.now()), ...ann, data: { text: word() } };
    const sent = { command, head: 2, ifMatch: null, signature: system.parts.sign(id, command) };
    const intent = { id: command.id, kind: 'command' as const, subject: 'complaint' as const, subjectId: id, name: 'note', caller: 'ann', keyDigest: null, bodyDigest: null, sent };
    await takeIntent(system.parts.database, { intent, words: [], leaseMs: 1 });
    return command.id;
  }

  it('tries what fails again and again at growing pauses, and nothing waits behind it', async () => {
    const { database, client } = system.parts;
    const [lost, living] = [await system.file(ann), await system.file(ann)];
    for (const { id } of [lost, living]) await until(() => liveState(system.parts, id), 'the start');
    await client.workflow.getHandle(workflowId('complaint', lost.id)).terminate();
    const stuck: string[] = [];
    for (let n = 0; n < 40; n += 1) stuck.push(await leftOpen(lost.id));

    const sweeper = createSweeper(system.parts, { everyMs: 100, atOnce: 4 });
    await pause(1_000);
    const fresh = await leftOpen(living.id);
    await until(async () => (await intentById(database, fresh))?.state === 'done', 'the note', 20_000);
    await pause(6_000);
    await sweeper.stop();
    for (const id of stuck) {
      const intent = await intentById(database, id);
      expect(intent?.state).toBe('open');
      // after one second, two and four
      expect(intent?.attempts).toBeLessThanOrEqual(5);
    }
  });
});

describe('what is kicked', () => {
  it('to be started waits while there is more urgent work, and no longer', async () => {
    const system = await startSystem();
    let busy = true;
    const sweeper = createSweeper(system.parts, { everyMs: null, isBusy: () => busy });
    try {
      const started = createDriver(system.parts, createEngine(system.parts, sweeper)).file(ann);
      const intent = await until(() => system.parts.database.client.intent.findFirst({ where: { kind: 'start' } }), 'the filing');
      await pause(500);
      expect(await system.parts.temporal.statusOf('complaint', intent.subject_id)).toBeNull();
      busy = false;
      expect((await started).id).toBe(intent.subject_id);
    } finally {
      await sweeper.stop();
      await system.stop();
    }
  });
});

describe('what waits for workers', () => {
  it('is added to slowly: starts go on at their rate when workers have caught up', async () => {
    const system = await startSystem({ worker: false });
    const { client, database, temporal } = system.parts;
    const queue = createQueue(client);
    const sweeper = createSweeper(system.parts, { everyMs: 50, queue, startsPerSecond: 20 });
    const open = async () => (await database.client.intent.count({ where: { kind: 'start', state: 'open' } }));
    try {
      expect(queue.isLong()).toBe(false);
      const cases: string[] = [];
      for (let n = 0; n < 100; n += 1) cases.push(await takenIn(system.parts, ann));
      await database.execute`UPDATE intent SET lease_until = now()`;
      // nobody takes a task: some are started, and then a tenth as many
      await until(() => Promise.resolve(queue.isLong() || null), 'the look at the queue');
      const left = await until(async () => {
        const before = await open();
        await pause(2_000);
        return before < 100 && before - (await open()) <= 6 ? before : null;
      }, 'the end of the starts');
      expect(left).toBeGreaterThan(0);
      await until(async () => (await open()) < left, 'a start that is made all the same');
      await system.startWorker();
      await untilNone(open, 'the rest of the starts');
      for (const id of cases) expect(await temporal.statusOf('complaint', id)).toBe('RUNNING');
      await until(() => Promise.resolve(queue.isLong() ? null : true), 'the end of the queue');
    } finally {
      await sweeper.stop();
      await system.stop();
    }
  });
});

describe('patience', () => {
  it('asks who is away once at a time, at growing pauses, and goes on at once when they are back', () => {
    let now = 0;
    const patience = createPatience({ most: 4, firstPauseMs: 100, longestPauseMs: 400, now: () => now });
    expect(patience.admit(8)).toBe(8);
    for (let n = 0; n < 8; n += 1) patience.failed(false);
    expect([patience.admit(8), patience.waits]).toEqual([0, true]);
    const asked: number[] = [];
    for (; now < 2_000; now += 50) {
      if (patience.admit(8) === 0) continue;
      asked.push(now);
      patience.failed(true);
    }
    expect(asked).toEqual([100, 300, 700, 1_100, 1_500, 1_900]);
    now += 400;
    expect([patience.admit(8), patience.admit(8)]).toEqual([1, 0]);
    patience.succeeded();
    expect(patience.admit(8)).toBe(8);
  });

  it('is not tried by one that fails by itself', () => {
    const patience = createPatience({ most: 3 });
    for (let n = 0; n < 10; n += 1) {
      expect(patience.admit(2)).toBe(2);
      patience.failed(false);
      patience.succeeded();
    }
  });
});

it('a pace gives no more than its rate, and saves up no more than a second', () => {
  let now = 0;
  const pace = createPace(10, () => now);
  expect(pace.take(5)).toBe(0);
  now = 250;
  expect(pace.take(5)).toBe(2);
  now = 60_000;
  expect([pace.take(50), pace.take(1)]).toEqual([10, 0]);
});

it('a pace that is held gives what it gives then, and makes up for nothing afterwards', () => {
  let [now, held] = [0, true];
  const clock = (): number => now;
  const pace = heldBy(() => held, createPace(10, clock), createPace(1, clock));
  const given: number[] = [];
  for (; now < 10_000; now += 100) given.push(pace.take(8));
  expect(given.reduce((sum, one) => sum + one)).toBe(9);
  held = false;
  expect(pace.take(8)).toBeLessThanOrEqual(1);
  now += 1_000;
  expect(pace.take(50)).toBe(10);
});
