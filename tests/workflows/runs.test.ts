import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComplaintCommand, Escalate } from '../../domain/complaint/command.js';
import type { Sent } from '../../domain/event.js';
import { instant, millis, plus } from '../../domain/time.js';
import { workflowId } from '../../engine/ids.js';
import { publishPolicy } from '../../prisma/policies.js';
import { freshDatabase } from '../harness/database.js';
import { word } from '../harness/driver.js';
import { liveState } from '../harness/live.js';
import { ann, lou, qi, quinn, sue, web } from '../harness/people.js';
import { startShortRuns, type ShortRuns } from '../harness/shortRuns.js';
import { openStage, type Stage } from '../harness/stage.js';
import { until } from '../harness/until.js';
import { calm, hasty } from './policies.js';
import { story } from './story.js';

/** A run ends after so many history events here; on a server as it comes, after thousands. */
const EVENTS_A_RUN = 60;

let server: ShortRuns;
let stage: Stage;

beforeAll(async () => {
  server = await startShortRuns(EVENTS_A_RUN);
  stage = openStage({ databaseUrl: await freshDatabase(), place: server.place });
  for (const policy of [calm, hasty]) await publishPolicy(stage.parts.database, policy, 'admin');
  await stage.startWorker();
});
afterAll(async () => {
  await stage.close();
  await server.stop();
});

async function runs(subject: 'complaint' | 'investigation', id: string): Promise<number> {
  return (await stage.parts.histories.runs(subject, id))?.length ?? 0;
}

async function expectWhole(subject: 'complaint' | 'investigation', id: string): Promise<void> {
  const events = subject === 'complaint' ? await stage.events(id) : await stage.findings(id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(await stage.parts.audit.replay(subject, id)).toMatchObject({ deterministic: true, differences: [], events: events.length });
}

/** Notes until the case goes on in a run after this many; answers how many. */
async function noteInto(id: string, wanted: number): Promise<number> {
  for (let notes = 1; ; notes += 1) {
    await stage.command(id, ann, 'note', { text: word() });
    if ((await runs('complaint', id)) >= wanted) return notes;
  }
}

describe('design: a case goes on in a new run', () => {
  it('without losing, doubling or reordering an event, also with several callers at once', async () => {
    const { id } = await stage.file(ann, { policy: 'calm' });
    for (let round = 0; round < 12; round += 1) {
      await Promise.all([1, 2, 3, 4].map(() => stage.command(id, ann, 'note', { text: word() })));
      if (round % 3 === 0) await stage.escalate(id, ann);
    }
    expect(await runs('complaint', id)).toBeGreaterThanOrEqual(3);
    expect((await stage.events(id)).filter(({ type }) => type === 'noted')).toHaveLength(48);
    await expectWhole('complaint', id);
  });

  it('and knows a command of an earlier run: it answers what it was then, and does nothing again', async () => {
    const { id } = await stage.file(ann, { policy: 'calm' });
    await stage.command(id, ann, 'answer', { message: word(), parts: null });
    await stage.escalate(id, sue, 1);
    await noteInto(id, 3);
    const before = await stage.events(id);
    const intents = await stage.parts.database.client.intent.findMany({ where: { subject_id: id, name: { in: ['answer', 'escalate'] } } });
    const sentAs = (name: string) => intents.find((intent) => intent.name === name)?.sent as unknown;
    const answered = await stage.parts.temporal.update('complaint', id, sentAs('answer') as Sent<ComplaintCommand>);
    expect(answered).toEqual({ answer: { version: 3, events: [] } });
    await stage.parts.temporal.escalate(id, sentAs('escalate') as { command: Escalate; signature: string });
    await stage.command(id, ann, 'note', { text: word() });
    expect((await stage.events(id)).slice(before.length).map(({ type }) => type)).toEqual(['noted']);
    await expectWhole('complaint', id);
  });

  it('with its deadlines, and each follow-up attempt is made once (L1.11)', async () => {
    const { id } = await stage.file(ann, { policy: 'hasty' });
    await stage.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
    await noteInto(id, 2);
    await stage.recorded(id, 'unanswered');
    expect(await runs('complaint', id)).toBeGreaterThanOrEqual(2);
    expect(await stage.parts.database.client.delivery.count({ where: { complaint: id, kind: 'follow_up_attempted' } })).toBe(3);
    await expectWhole('complaint', id);
  });

  it('nor is one lost that is decided in the first task of all', async () => {
    await stage.stopWorker();
    const { id } = await stage.filed(ann, { policy: 'calm' });
    const resolved = stage.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
    await until(async () => (await stage.parts.database.client.intent.count({ where: { subject_id: id, name: 'resolve' } })) === 1, 'the command');
    await pause(500);
    await stage.startWorker();
    await resolved;
    await until(async () => (await stage.parts.database.client.delivery.count({ where: { complaint: id, kind: 'follow_up_attempted' } })) === 1, 'the question');
    await expectWhole('complaint', id);
  });

  it('an investigation too: each complaint is told once, and one that joins late is told as well (L3.4)', async () => {
    const [first, late] = [await stage.file(ann, { policy: 'calm' }), await stage.file(ann, { policy: 'calm' })];
    const investigation = await stage.open(quinn);
    await stage.link(first.id, investigation, quinn);
    await stage.investigate(investigation, quinn, 'cause', { category: 'method', text: word(), whys: [word(), word(), word()] });
    await stage.investigate(investigation, quinn, 'finding', { cause: 'c1', root: true, note: word() });
    while ((await runs('investigation', investigation)) < 3) {
      await stage.investigate(investigation, quinn, 'cause', { category: 'people', text: word(), whys: [] });
    }
    await stage.link(late.id, investigation, quinn);
    await stage.recorded(late.id, 'informed');
    expect((await stage.events(first.id)).filter(({ type }) => type === 'informed')).toHaveLength(1);
    await expectWhole('investigation', investigation);
    await expectWhole('complaint', first.id);
  });
});

describe('design: what does not stop a case', () => {
  it('a signal that makes no sense, and being cancelled', async () => {
    const { id } = await stage.file(ann, { policy: 'calm' });
    const handle = stage.parts.client.workflow.getHandle(workflowId('complaint', id));
    for (const nonsense of [[], [null], [{ command: { id: 'x', at: 'yesterday', by: 'x', role: 'agent', data: { to: 9, reason: '' } } }]]) {
      await handle.signal('escalate', ...nonsense);
    }
    await handle.cancel();
    await stage.command(id, ann, 'answer', { message: word(), parts: null });
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await expectWhole('complaint', id);
  });
});

describe('spec: case, investigations: a complaint named when one was opened', () => {
  it('and told before its case knew of the link, is told again when it does', async () => {
    const { id } = await stage.file(ann, { policy: 'calm' });
    const investigation = await stage.open(quinn);
    await stage.investigate(investigation, quinn, 'link', { complaint: id, receivedAt: instant(Date.now()) });
    await stage.investigate(investigation, quinn, 'cause', { category: 'method', text: word(), whys: [word(), word(), word()] });
    await stage.investigate(investigation, quinn, 'finding', { cause: 'c1', root: true, note: word() });
    await until(async () => JSON.stringify(await stage.parts.histories.json('investigation', investigation)).includes('activityTaskCompletedEventAttributes'), 'the first telling');
    await stage.command(id, quinn, 'investigate', { investigation });
    await stage.recorded(id, 'informed');
    await expectWhole('investigation', investigation);
  });
});

describe('spec: case, investigations: what is carried to the complaints', () => {
  const informed = async (id: string) => (await stage.events(id)).flatMap((event) => (event.type === 'informed' ? [event.data] : []));
  const root = async (investigation: string) => {
    await stage.investigate(investigation, quinn, 'cause', { category: 'method', text: word(), whys: [word(), word(), word()] });
    await stage.investigate(investigation, quinn, 'finding', { cause: 'c1', root: true, note: word() });
  };
  const measure = async (investigation: string) => {
    const goal = { metric: word(), baseline: 10, target: 2, direction: 'down' as const };
    await stage.investigate(investigation, quinn, 'measure', { cause: 'c1', text: word(), owner: 'lou', dueAt: plus(instant(Date.now()), 3_600_000), goal, observeDays: 0 });
  };

  it('reaches the others when one is lost', async () => {
    const [lost, other] = [await stage.file(ann, { policy: 'calm' }), await stage.file(ann, { policy: 'calm' })];
    const investigation = await stage.open(quinn);
    for (const { id } of [lost, other]) await stage.link(id, investigation, quinn);
    await stage.parts.client.workflow.getHandle(workflowId('complaint', lost.id)).terminate();
    await root(investigation);
    await until(async () => (await informed(other.id)).length === 1, 'the root cause');
    await measure(investigation);
    await until(async () => (await informed(other.id)).some(({ measureAt }) => measureAt !== null), 'the measure');
    // and is asked again whether it is back
    const waits = async () => JSON.stringify(await stage.parts.histories.json('investigation', investigation)).match(/"startToFireTimeout":"3600s"/g)?.length;
    expect(await until(waits, 'the wait for it')).toBeGreaterThan(0);
    await expectWhole('investigation', investigation);
  });

  it('is told again when it has come to be as it was before', async () => {
    const first = await stage.file(ann, { policy: 'calm' });
    const investigation = await stage.open(quinn);
    await stage.link(first.id, investigation, quinn);
    await root(investigation);
    await measure(investigation);
    await until(async () => (await informed(first.id)).at(-1)?.measureAt, 'the measure');
    await stage.investigate(investigation, lou, 'done', { measure: 'm1', note: null });
    await pause(5);
    await stage.investigate(investigation, quinn, 'reading', { measure: 'm1', value: 1, takenAt: null });
    await stage.investigate(investigation, qi, 'verdict', { measure: 'm1', effective: true, note: word() });
    await stage.investigate(investigation, quinn, 'conclude', {});
    await until(async () => (await informed(first.id)).at(-1)?.verifiedAt, 'the verdict');
    const later = await stage.file(ann, { policy: 'calm' });
    await stage.link(later.id, investigation, quinn);
    await stage.recorded(investigation, 'reopened');
    await until(async () => (await informed(first.id)).at(-1)?.verifiedAt === null, 'that the verdict holds no more');
    await expectWhole('investigation', investigation);
  });
});

describe('spec: case, escalation: what was missed while no worker ran', () => {
  it('happens in order when one is back, each at its own instant', async () => {
    const { id, receivedAt } = await stage.file(web, { policy: 'hasty' });
    await stage.stopWorker();
    await pause(Math.max(0, millis(receivedAt) + 7500 - Date.now()));
    await stage.startWorker();
    await stage.recorded(id, 'escalated', 3);
    expect(story(await stage.events(id), receivedAt, 1000).slice(0, 11)).toEqual([
      '0 received', '1 response-1 warned 50', '2 response-1 breached', '2 e1 0→1 breach response-1',
      '3 acknowledge-e1 warned 50', '4 resolution-1 warned 50', '4 acknowledge-e1 breached', '4 e2 1→2 unacknowledged acknowledge-e1',
      '5 acknowledge-e2 warned 50', '6 acknowledge-e2 breached', '6 e3 2→2 unacknowledged acknowledge-e2',
    ]);
    await stage.recorded(id, 'clock_breached', 4);
    await until(async () => (await liveState(stage.parts, id))?.version === (await stage.events(id)).length, 'the record');
    await expectWhole('complaint', id);
  });
});
