import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plus } from '../../domain/time.js';
import { complaintById } from '../../prisma/complaints.js';
import { word } from '../harness/driver.js';
import { ann, customer, lou, qi, quinn, sam, sue } from '../harness/people.js';
import { startSkipping, type Skipping } from '../harness/skipping.js';
import { DAY, HOUR, story } from './story.js';

let skipping: Skipping;

beforeAll(async () => {
  skipping = await startSkipping();
});
afterAll(async () => {
  await skipping.close();
});

/** A case whose customer is satisfied and whose responsibility is decided: level 3 is open. */
async function decided(): Promise<{ id: string; decidedAt: string }> {
  const { id } = await skipping.file(ann);
  await skipping.command(id, ann, 'answer', { message: word(), parts: null });
  await skipping.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
  await skipping.command(id, customer, 'followUp', { satisfied: true, score: 5, comment: null });
  const shares = [{ department: 'logistics', person: null, percent: 100, conduct: 'ordinary' as const, evidence: null }];
  await skipping.command(id, sue, 'attribute', { nature: 'process', shares, note: word() });
  await skipping.command(id, lou, 'agree', { reason: null });
  const state = await skipping.command(id, sam, 'decide', { upheld: true, nature: null, shares: null, handling: word(), note: word() });
  return { id, decidedAt: state.lastAt };
}

async function expectReplays(subject: 'complaint' | 'investigation', id: string): Promise<void> {
  expect(await skipping.parts.audit.replay(subject, id)).toMatchObject({ deterministic: true, differences: [] });
}

describe('L3.1–L3.5: months of level 3', () => {
  it('reminds of a measure and calls it overdue, lets no verdict before the window is over, and closes the case by itself', async () => {
    const { id, decidedAt } = await decided();
    const investigation = await skipping.open(quinn);
    await skipping.link(id, investigation, quinn);
    await skipping.passTo(plus(decidedAt, 5 * DAY), id);
    await skipping.investigate(investigation, quinn, 'cause', { category: 'method', text: word(), whys: [word(), word(), word()] });
    const { rootAt } = await skipping.investigate(investigation, quinn, 'finding', { cause: 'c1', root: true, note: word() });
    await skipping.recorded(id, 'root_found');
    const dueAt = plus(decidedAt, 60 * DAY);
    const goal = { metric: word(), baseline: 10, target: 2, direction: 'down' as const };
    await skipping.investigate(investigation, quinn, 'measure', { cause: 'c1', text: word(), owner: 'lou', dueAt, goal, observeDays: 30 });
    await skipping.recorded(id, 'improving');

    await skipping.passTo(plus(decidedAt, 70 * DAY), id);
    await skipping.recorded(investigation, 'measure_overdue');
    const { measures } = await skipping.investigate(investigation, lou, 'done', { measure: 'm1', note: null });
    const doneAt = measures[0]!.doneAt!;
    await skipping.investigate(investigation, quinn, 'reading', { measure: 'm1', value: 1, takenAt: null });
    await skipping.passTo(plus(doneAt, 29 * DAY), id);
    const verdict = { measure: 'm1', effective: true, note: word() };
    await expect(skipping.investigate(investigation, qi, 'verdict', verdict)).rejects.toThrow('window-open');
    await skipping.passTo(plus(doneAt, 30 * DAY + HOUR), id);
    await skipping.investigate(investigation, qi, 'verdict', verdict);
    const { concludedAt } = await skipping.investigate(investigation, quinn, 'conclude', {});
    await skipping.ended(id);

    expect(story((await skipping.findings(investigation)).filter(({ command }) => command === null), decidedAt, DAY)).toEqual(['57 measure_reminded', '60 measure_overdue']);
    const state = (await complaintById(skipping.parts.database, id))!.state;
    expect(state).toMatchObject({ closedAt: concludedAt, tracks: { customer: 'satisfied', responsibility: 'decided', cause: 'verified' }, news: { rootAt } });
    expect(state.clocks.find((clock) => clock.name === 'cause')).toMatchObject({ end: 'stopped', breachedAt: null });
    await expectReplays('complaint', id);
    await expectReplays('investigation', investigation);
  });

  it('a cause that nobody finds in thirty days is a breach', async () => {
    const { id, decidedAt } = await decided();
    await skipping.passTo(plus(decidedAt, 31 * DAY), id);
    const events = (await skipping.events(id)).filter((event) => event.type === 'clock_breached' && event.data.name === 'cause');
    expect(events).toMatchObject([{ at: plus(decidedAt, 30 * DAY) }]);
    await expectReplays('complaint', id);
  });
});

describe('L2.1: level 2', () => {
  it('is timed from the resolution, and may be decided unheard once the contest window has passed', async () => {
    const { id } = await skipping.file(ann);
    await skipping.command(id, ann, 'answer', { message: word(), parts: null });
    const { resolvedAt } = await skipping.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
    await skipping.passTo(plus(resolvedAt!, 4 * DAY), id);
    const shares = [{ department: 'logistics', person: null, percent: 100, conduct: 'ordinary' as const, evidence: null }];
    const { responsibility } = await skipping.command(id, sue, 'attribute', { nature: 'process', shares, note: word() });
    const decision = { upheld: true, nature: null, shares: null, handling: word(), note: word() };
    await expect(skipping.command(id, sam, 'decide', decision)).rejects.toThrow('departments-not-heard');
    await skipping.passTo(plus(responsibility!.contestUntil, 1000), id);
    await skipping.command(id, sam, 'decide', decision);
    const breaches = (await skipping.events(id)).filter((event) => event.type === 'clock_breached' && event.data.name === 'attribution');
    expect(breaches).toMatchObject([{ at: plus(resolvedAt!, 5 * DAY) }]);
    await expectReplays('complaint', id);
  });
});
