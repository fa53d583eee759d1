import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParts, type Parts } from '../../bin/parts.js';
import { installRuntime } from '../../bin/runtime.js';
import { startWorker, type RunningWorker } from '../../bin/worker.js';
import type { Actor } from '../../domain/event.js';
import { defaultPolicy } from '../../domain/policy/default.js';
import type { Policy } from '../../domain/policy/schema.js';
import { instant, millis, plus, type Instant } from '../../domain/time.js';
import { createEngine } from '../../engine/create.js';
import type { IntakeRequest } from '../../engine/engine.js';
import { createSweeper } from '../../engine/sweeper.js';
import { complaintById } from '../../prisma/complaints.js';
import { eventsUpTo } from '../../prisma/events.js';
import { publishPolicy } from '../../prisma/policies.js';
import { freshDatabase } from '../harness/database.js';
import { liveState } from '../harness/live.js';
import { bundle, testKeys, until } from '../harness/system.js';
import { untilNone } from '../harness/until.js';
import { freshFolder } from '../harness/threefold.js';
import { startEngine, type OwnEngine } from '../http/ownEngine.js';

const MANY = 5_000;
const TEN_MINUTES = 10 * 60_000;
/** Less than a worker takes: what is started faster than that waits in the engine's queue, and commands with it. */
const PER_SECOND = 75;

/** Thousands of warnings are another load: nothing that happens to most of the cases is due while they are started, however long that takes. */
const calm: Policy = {
  ...defaultPolicy, name: 'calm', tiers: { ...defaultPolicy.tiers, general: { ...defaultPolicy.tiers.general, response: 'P2D', resolution: 'P9D' } },
  clocks: { ...defaultPolicy.clocks, dispatch: 'P2D', acknowledge: 'P2D' },
};
const isUrgent = (n: number): boolean => n % 100 === 0;

const web: Actor = { by: 'web', role: 'channel', rung: null, department: null };
const sue: Actor = { by: 'sue', role: 'supervisor', rung: 3, department: null };

/** Design, intake never waits: an outbreak while the engine is away is a backlog and never a loss (L1.1). */
describe(`${String(MANY)} complaints filed in ten minutes while the engine is away`, () => {
  let engine: OwnEngine;
  let parts: Parts;
  let worker: RunningWorker | null = null;
  let filedAt: Instant;
  const filed: { id: string; at: Instant }[] = [];
  const calls = { starts: 0 };
  const began = Date.now() - TEN_MINUTES;

  beforeAll(async () => {
    installRuntime();
    engine = await startEngine(join(freshFolder(), 'temporal.db'));
    const databaseUrl = await freshDatabase();
    const opened = openParts({ databaseUrl, temporal: engine.place, ...testKeys, bundle });
    // what is filed in these seconds is dated over the ten minutes before them
    const temporal = { ...opened.temporal, start: (start: Parameters<Parts['temporal']['start']>[0]) => {
      calls.starts += 1;
      return opened.temporal.start(start);
    } };
    parts = { ...opened, temporal, clock: () => filedAt };
    await publishPolicy(parts.database, calm, 'admin');
    await engine.kill();
  });
  afterAll(async () => {
    await engine.start();
    await worker?.stop();
    await parts.close();
    await engine.kill();
  });

  const filing = (n: number): IntakeRequest => {
    const text = randomUUID();
    return {
      actor: web, key: { digest: `k-${String(n)}`, body: 'same' }, words: [{ ref: text, text: 'the parcel was broken' }],
      customer: { key: `C-${String(n)}` }, policy: isUrgent(n) ? null : { name: calm.name, version: null },
      filing: {
        channel: 'web', text, type: null, subtype: null, product: null, region: null, department: null, tier: isUrgent(n) ? 'urgent' : 'general', flags: {},
        emotion: null, demand: null, receivedAt: null, repeatOf: null, owner: null, ownerDepartment: null,
      },
    };
  };
  const openStarts = () => parts.database.client.intent.count({ where: { kind: 'start', state: 'open' } });

  it('are all taken, and the engine is hardly asked', async () => {
    const sweeper = createSweeper(parts, { everyMs: null });
    const { intake } = createEngine(parts, sweeper);
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let n = next++; n < MANY; n = next++) {
        filedAt = instant(began + Math.floor((n / MANY) * TEN_MINUTES));
        const taken = await intake(filing(n));
        if ('refusal' in taken) throw new Error(taken.refusal.code);
        filed.push({ id: taken.state.id, at: taken.state.receivedAt });
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    await sweeper.stop();
    expect(new Set(filed.map(({ id }) => id)).size).toBe(MANY);
    expect(await openStarts()).toBe(MANY);
    expect(calls.starts).toBeLessThan(100);
  }, 300_000);

  it('stay a backlog while a sweeper looks whether it is back, one attempt at a time', async () => {
    await parts.database.execute`UPDATE intent SET lease_until = now()`;
    calls.starts = 0;
    const sweeper = createSweeper(parts, { everyMs: 100 });
    await pause(4_000);
    await sweeper.stop();
    // eight at first, then after half a second, one, two, four
    expect(calls.starts).toBeLessThanOrEqual(8 + 4);
    expect(await openStarts()).toBe(MANY);
  });

  it('are all started once when it is back, at a bounded rate, and a command does not wait behind them', async () => {
    await engine.start();
    worker = await startWorker(parts, engine.place, pino({ level: 'silent' }), { sweepEveryMs: 200, startsPerSecond: PER_SECOND, bundle });
    await until(async () => (await openStarts()) < MANY - 100, 'the first starts', 30_000);
    const last = filed.at(-1)?.id ?? '';
    const row = await complaintById(parts.database, last);
    const command = createEngine(parts, createSweeper(parts, { everyMs: null }));
    filedAt = instant(Date.now());
    const asked = {
      subject: 'complaint' as const, id: last, actor: sue, name: 'accept' as const, data: { note: null }, words: [], owner: row?.customer ?? '',
      key: { digest: 'accept', body: 'same' }, ifMatch: null,
    };
    const accepted = await until(() => command.command(asked).catch(() => null), 'the answer');
    expect('refusal' in accepted ? accepted.refusal : accepted.state.tracks.customer).toBe('accepted');
    expect(await openStarts()).toBeGreaterThan(MANY / 10);

    await untilNone(openStarts, 'the starts');
    const perSecond = await parts.database.query<{ started: number }>`
      SELECT count(*)::int AS started FROM intent WHERE kind = 'start' GROUP BY date_trunc('second', done_at) ORDER BY 1 DESC LIMIT 1`;
    expect(perSecond[0]?.started).toBeLessThanOrEqual(2 * PER_SECOND);
    const counted = async () => (await parts.client.workflow.count("WorkflowType = 'complaint'")).count === MANY;
    await until(counted, 'the list of the engine', 60_000);
  }, 3_600_000);

  it('have their clocks from their receipt, in the workflow as in the intake', async () => {
    for (let n = 0; n < MANY; n += 250) {
      const { id, at } = filed[n] ?? { id: '', at: '' };
      const { events: [received] } = { events: await eventsUpTo(parts.database, 'complaint', id, 1) };
      expect(received).toMatchObject({ type: 'received', at });
      const state = await until(() => liveState(parts, id), 'the case', 200_000);
      const inRecord = await until(async () => {
        const row = await complaintById(parts.database, id);
        return row?.head === state.version ? row : null;
      }, 'the record of what it did alone', 60_000);
      expect(state).toEqual(inRecord.state);
      for (const clock of state.clocks.filter(({ name }) => name === 'response')) expect(clock.startedAt).toBe(at);
    }
  }, 300_000);

  it('and what fell due meanwhile carries its own instant', async () => {
    const urgent = filed.filter((_, n) => n < MANY / 10);
    let seen = 0;
    for (const { id, at } of urgent) {
      const row = await complaintById(parts.database, id);
      if (row?.state.tier !== 'urgent') continue;
      // an urgent case's escalation is to be acknowledged within five minutes
      const breach = () => eventsUpTo(parts.database, 'complaint', id).then((events) => events.find((event) => event.type === 'clock_breached'));
      const { at: breachedAt } = await until(breach, 'the breach', 60_000);
      expect([at, breachedAt]).toEqual([at, plus(at, 5 * 60_000)]);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(3);
    expect(millis(urgent[0]?.at ?? '')).toBeLessThan(Date.now() - TEN_MINUTES + 60_000);
  }, 60_000);
});
