import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../domain/event.js';
import { reconcilingOf } from '../../bin/parts.js';
import type { RunningWorker } from '../../bin/worker.js';
import { instant } from '../../domain/time.js';
import { complaintById } from '../../prisma/complaints.js';
import { deliveriesOf } from '../../prisma/deliveries.js';
import { eventsUpTo } from '../../prisma/events.js';
import { recordOrMend } from '../../prisma/mending.js';
import { liveState } from '../harness/live.js';
import { startSystem, until, word, type System } from '../harness/system.js';

const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };
const sue: Actor = { by: 'sue', role: 'supervisor', rung: 1, department: null };

/** Spec, evidence: the history is what happened. A record that was restored to an earlier state becomes whole again from it. */
describe('after the database was restored to before the engine', () => {
  let system: System;
  let worker: RunningWorker;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    worker = await system.startWorker();
  });
  afterAll(() => system.stop());

  /** A case that has been answered, in a record that ends before that. */
  async function restored(): Promise<{ id: string; owner: string; told: string[] }> {
    const { database } = system.parts;
    const { id } = await system.file(ann);
    await until(() => liveState(system.parts, id), 'the start');
    const [before] = await database.query<{ row: string }>`SELECT to_jsonb(c)::text AS row FROM complaint c WHERE id = ${id}::uuid`;
    const head = (await complaintById(database, id))?.head ?? 0;
    await system.command(id, ann, 'answer', { message: word(), parts: null });
    await system.command(id, ann, 'note', { text: word() });
    const told = (await deliveriesOf(database, id)).map((one) => one.id);
    await database.execute`DELETE FROM event WHERE complaint = ${id}::uuid AND seq > ${head}::int`;
    await database.execute`DELETE FROM delivery WHERE complaint = ${id}::uuid AND seq > ${head}::int`;
    await database.execute`
      UPDATE complaint c SET head = b.head, hash = b.hash, state = b.state, status = b.status, due_at = b.due_at
      FROM jsonb_populate_record(null::complaint, ${before?.row ?? '{}'}::jsonb) b WHERE c.id = b.id`;
    return { id, owner: (await complaintById(database, id))?.customer ?? '', told };
  }

  async function isWhole(id: string): Promise<void> {
    const events = await eventsUpTo(system.parts.database, 'complaint', id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type)).toContain('answered');
    expect(await system.parts.audit.replay('complaint', id)).toMatchObject({ deterministic: true, differences: [] });
  }

  it('what a case does alone brings back what the record has lost', async () => {
    const { id, owner } = await restored();
    const reason = word();
    await system.engine.escalate({ id, actor: sue, data: { reason, to: 2 }, words: [{ ref: reason, text: 'now' }], owner, key: null });
    await until(async () => (await complaintById(system.parts.database, id))?.state.rung === 2, 'the escalation', 40_000);
    await isWhole(id);
  });

  it('so does a command', async () => {
    const { id } = await restored();
    await system.command(id, ann, 'note', { text: word() });
    await isWhole(id);
  });

  it('no more than the case has told by then: a signal that waits for a worker is decided when one takes it', async () => {
    const { parts } = system;
    const { database, sign, temporal, recall } = parts;
    const { id } = await restored();
    const version = (await liveState(parts, id))?.version ?? 0;
    await worker.stop();
    const command = { id: randomUUID(), name: 'escalate' as const, at: instant(Date.now()), ...sue, data: { reason: word(), to: 2 } };
    expect(await temporal.escalate(id, { command, signature: sign(id, command) })).toBe(true);

    const mended = await recordOrMend(database, { subject: 'complaint', id, events: [], intent: { id: randomUUID(), version } }, recall);
    expect(mended.head).toBe(version);
    // what is decided later has another instant than a replay of now comes to
    await pause(1_500);
    worker = await system.startWorker();
    await until(async () => (await complaintById(database, id))?.state.rung === 2, 'the escalation', 40_000);
    await isWhole(id);
  });

  it('and so does whoever compares the record with the engine; what is told again is known by the id it had', async () => {
    const { id, told } = await restored();
    await reconcilingOf(system.parts).mend?.('complaint', id);
    await isWhole(id);
    expect((await deliveriesOf(system.parts.database, id)).map((one) => one.id)).toEqual(told);
  });
});
