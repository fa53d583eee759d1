import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../domain/event.js';
import { complaintById } from '../../prisma/complaints.js';
import { commands } from '../../prisma/moving.js';
import { startSystem, until, word, type System } from '../harness/system.js';

const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };
const sue: Actor = { by: 'sue', role: 'supervisor', rung: 1, department: null };
const sam: Actor = { by: 'sam', role: 'supervisor', rung: 2, department: null };
const lou: Actor = { by: 'lou', role: 'department', rung: null, department: 'logistics' };
const quinn: Actor = { by: 'quinn', role: 'quality', rung: null, department: null };
const qi: Actor = { by: 'qi', role: 'quality', rung: null, department: null };
const web: Actor = { by: 'web', role: 'channel', rung: null, department: null };
const customer: Actor = { by: 'customer', role: 'customer', rung: null, department: null };

describe('a case on the real engine', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => {
    await system.stop();
  });

  async function historyLength(id: string): Promise<number> {
    return (await system.parts.histories.json('complaint', id))?.events.length ?? 0;
  }

  async function toSatisfied(): Promise<string> {
    const { id } = await system.file(web);
    await system.command(id, ann, 'accept', { note: null });
    await system.command(id, ann, 'answer', { message: word(), parts: null });
    await system.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
    await system.command(id, customer, 'followUp', { satisfied: true, score: 5, comment: null });
    return id;
  }

  it('costs at most 45 history events from accepted to followed up', async () => {
    const id = await toSatisfied();
    await until(
      async () => (await system.parts.database.client.delivery.count({ where: { complaint: id, kind: 'follow_up_attempted' } })) === 1,
      'the follow-up',
    );
    const length = await historyLength(id);
    console.log(`history events to followed up: ${String(length)}`);
    expect(length).toBeLessThanOrEqual(45);
  });

  it('is announced to the others whose outcome is about to be written, until its own is', async () => {
    const coming = () => commands.complaint.coming(system.parts.database);
    const cases = await Promise.all(Array.from({ length: 6 }, () => system.file(web)));
    let most = 0;
    const watch = setInterval(() => { most = Math.max(most, coming()); }, 1);
    await Promise.all(cases.map(({ id }) => system.command(id, ann, 'accept', { note: null }))).finally(() => { clearInterval(watch); });
    expect(most).toBeGreaterThan(1);
    expect(coming()).toBe(0);
    await expect(system.command(cases[0]?.id ?? '', ann, 'accept', { note: null })).rejects.toThrow();
    expect(coming()).toBe(0);
  });

  it('costs at most 90 to closed, and replays with no difference', async () => {
    const id = await toSatisfied();
    await system.command(id, sue, 'attribute', {
      nature: 'process',
      shares: [{ department: 'logistics', person: null, percent: 100, conduct: 'ordinary', evidence: null }],
      note: word(),
    });
    await system.command(id, lou, 'agree', { reason: null });
    await system.command(id, sam, 'decide', { upheld: true, nature: null, shares: null, handling: word(), note: word() });
    const title = word();
    const opened = await system.engine.openInvestigation({
      actor: quinn,
      key: null,
      words: [{ ref: title, text: 'broken parcels' }],
      data: { title, type: null },
      complaints: [],
    });
    if ('refusal' in opened) throw new Error(opened.refusal.code);
    const investigation = opened.state.id;
    await system.command(id, quinn, 'investigate', { investigation });
    await until(
      async () => (await system.parts.database.client.investigation.findUnique({ where: { id: investigation } }))?.head === 2,
      'the link',
    );
    await system.investigate(investigation, quinn, 'cause', { category: 'method', text: word(), whys: [word(), word(), word()] });
    await system.investigate(investigation, quinn, 'finding', { cause: 'c1', root: true, note: word() });
    await system.investigate(investigation, quinn, 'measure', {
      cause: 'c1',
      text: word(),
      owner: 'lou',
      dueAt: new Date(Date.now() + 60_000).toISOString(),
      goal: { metric: word(), baseline: 10, target: 2, direction: 'down' },
      observeDays: 0,
    });
    await system.investigate(investigation, quinn, 'done', { measure: 'm1', note: null });
    await system.investigate(investigation, quinn, 'reading', { measure: 'm1', value: 1, takenAt: null });
    await system.investigate(investigation, qi, 'verdict', { measure: 'm1', effective: true, note: word() });
    await system.investigate(investigation, quinn, 'conclude', {});
    await until(async () => (await complaintById(system.parts.database, id))?.state.closedAt, 'the close');
    await until(() => system.parts.temporal.hasEnded('complaint', id), 'the end of the run');
    const length = await historyLength(id);
    console.log(`history events to closed: ${String(length)}`);
    expect(length).toBeLessThanOrEqual(90);
    expect(await system.parts.audit.replay('complaint', id)).toMatchObject({ deterministic: true, differences: [] });
    expect(await system.parts.audit.replay('investigation', investigation)).toMatchObject({ deterministic: true, differences: [] });
    await until(async () => (await system.parts.database.client.history.count({ where: { id } })) === 1, 'the stored history');
  });
});
