import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Complaint } from '../../domain/complaint/state.js';
import type { Tier } from '../../domain/complaint/terms.js';
import { millis, plus } from '../../domain/time.js';
import { complaintById } from '../../prisma/complaints.js';
import { word } from '../harness/driver.js';
import { ann, sue, web } from '../harness/people.js';
import { startSkipping, type Skipping } from '../harness/skipping.js';
import { DAY, HOUR, MIN, story } from './story.js';

let skipping: Skipping;

beforeAll(async () => {
  skipping = await startSkipping();
});
afterAll(async () => {
  await skipping.close();
});

async function state(id: string): Promise<Complaint> {
  return (await complaintById(skipping.parts.database, id))!.state;
}

async function expectReplays(id: string): Promise<void> {
  expect(await skipping.parts.audit.replay('complaint', id)).toMatchObject({ deterministic: true, differences: [] });
}

const general = [
  '0 received',
  '15 response-1 warned 50', '22.5 response-1 warned 75', '27 response-1 warned 90', '30 response-1 breached', '30 e1 0→1 breach response-1',
  '45 acknowledge-e1 warned 50', '52.5 acknowledge-e1 warned 75', '57 acknowledge-e1 warned 90',
  '60 acknowledge-e1 breached', '60 e2 1→2 unacknowledged acknowledge-e1',
  '75 acknowledge-e2 warned 50', '82.5 acknowledge-e2 warned 75', '87 acknowledge-e2 warned 90',
  '90 acknowledge-e2 breached', '90 e3 2→2 unacknowledged acknowledge-e2',
  '720 resolution-1 warned 50', '1080 resolution-1 warned 75', '1296 resolution-1 warned 90', '1296 e4 2→2 warning resolution-1',
  '1311 acknowledge-e4 warned 50', '1318.5 acknowledge-e4 warned 75', '1323 acknowledge-e4 warned 90',
  '1326 acknowledge-e4 breached', '1326 e5 2→2 unacknowledged acknowledge-e4',
  '1440 resolution-1 breached', '1440 e6 2→2 breach resolution-1',
  '1455 acknowledge-e6 warned 50', '1462.5 acknowledge-e6 warned 75', '1467 acknowledge-e6 warned 90',
  '1470 acknowledge-e6 breached', '1470 e7 2→2 unacknowledged acknowledge-e6',
];

describe('L1.6, L1.14: a case that nobody touches, in minutes', () => {
  const courses: Record<Tier, string[]> = {
    general,
    serious: [
      '0 received', '0 e1 0→1 tier',
      '15 acknowledge-e1 warned 50', '22.5 acknowledge-e1 warned 75', '27 acknowledge-e1 warned 90',
      '30 response-1 warned 50', '30 acknowledge-e1 breached', '30 e2 1→2 unacknowledged acknowledge-e1',
      '45 response-1 warned 75', '45 acknowledge-e2 warned 50', '52.5 acknowledge-e2 warned 75', '54 response-1 warned 90', '57 acknowledge-e2 warned 90',
      '60 response-1 breached', '60 e3 2→3 breach response-1', '60 acknowledge-e2 breached', '60 e4 3→3 unacknowledged acknowledge-e2',
      '75 acknowledge-e3 warned 50', '82.5 acknowledge-e3 warned 75', '87 acknowledge-e3 warned 90',
      '90 acknowledge-e3 breached', '90 e5 3→3 unacknowledged acknowledge-e3',
      '1440 resolution-1 warned 50', '2160 resolution-1 warned 75', '2592 resolution-1 warned 90', '2592 e6 3→3 warning resolution-1',
      '2607 acknowledge-e6 warned 50', '2614.5 acknowledge-e6 warned 75', '2619 acknowledge-e6 warned 90',
      '2622 acknowledge-e6 breached', '2622 e7 3→3 unacknowledged acknowledge-e6',
      '2880 resolution-1 breached', '2880 e8 3→3 breach resolution-1',
      '2895 acknowledge-e8 warned 50', '2902.5 acknowledge-e8 warned 75', '2907 acknowledge-e8 warned 90',
      '2910 acknowledge-e8 breached', '2910 e9 3→3 unacknowledged acknowledge-e8',
    ],
    urgent: [
      '0 received', '0 e1 0→3 tier',
      '2.5 acknowledge-e1 warned 50', '3.75 acknowledge-e1 warned 75', '4.5 acknowledge-e1 warned 90',
      '5 response-1 warned 50', '5 acknowledge-e1 breached', '5 e2 3→3 unacknowledged acknowledge-e1',
      '7.5 response-1 warned 75', '9 response-1 warned 90', '10 response-1 breached', '10 e3 3→3 breach response-1',
      '12.5 acknowledge-e3 warned 50', '13.75 acknowledge-e3 warned 75', '14.5 acknowledge-e3 warned 90',
      '15 acknowledge-e3 breached', '15 e4 3→3 unacknowledged acknowledge-e3',
      '60 resolution-1 warned 50', '90 resolution-1 warned 75', '108 resolution-1 warned 90', '108 e5 3→3 warning resolution-1',
      '110.5 acknowledge-e5 warned 50', '111.75 acknowledge-e5 warned 75', '112.5 acknowledge-e5 warned 90',
      '113 acknowledge-e5 breached', '113 e6 3→3 unacknowledged acknowledge-e5',
      '120 resolution-1 breached', '120 e7 3→3 breach resolution-1',
      '122.5 acknowledge-e7 warned 50', '123.75 acknowledge-e7 warned 75', '124.5 acknowledge-e7 warned 90',
      '125 acknowledge-e7 breached', '125 e8 3→3 unacknowledged acknowledge-e7',
    ],
  };

  it.each(['general', 'serious', 'urgent'] as const)('%s: every warning, breach and rung at its instant, recorded while it happens', async (tier) => {
    const { id, receivedAt } = await skipping.file(web, { tier });
    await skipping.passTo(plus(receivedAt, 3 * DAY), id);
    const events = await skipping.events(id);
    expect(story(events, receivedAt, MIN)).toEqual(courses[tier]);
    const deadlines = [...new Set(events.map(({ at }) => at))].filter((at) => at > receivedAt);
    const fired = timersOf(await skipping.parts.histories.json('complaint', id));
    expect(fired).toHaveLength(deadlines.length);
    for (const [i, at] of deadlines.entries()) {
      // a second after it (spec: sla, whose time), and what a worker that starts takes to ask for it
      expect(fired[i]! - millis(at)).toBeGreaterThanOrEqual(1000);
      expect(fired[i]! - millis(at)).toBeLessThan(10_000);
    }
    await expectReplays(id);
  });

  /** When a timer fired, in milliseconds since the epoch. */
  function timersOf(history: { events: unknown[] } | null): number[] {
    return (history?.events ?? []).flatMap((event) =>
      typeof event === 'object' && event !== null && 'timerFiredEventAttributes' in event && 'eventTime' in event ? [millis(String(event.eventTime))] : []);
  }
});

describe('spec: sla, whose time', () => {
  it('a command written at the deadline and arriving within the second after it is in time', async () => {
    const { id, receivedAt } = await skipping.file(ann);
    const dueAt = plus(receivedAt, 30 * MIN);
    await skipping.passTo(plus(dueAt, 50), id);
    await skipping.writtenAt(dueAt, () => skipping.command(id, ann, 'answer', { message: word(), parts: null }));
    expect((await state(id)).clocks.find((clock) => clock.id === 'response-1')).toMatchObject({ end: 'stopped', breachedAt: null });
    expect((await skipping.events(id)).at(-1)).toMatchObject({ type: 'answered', at: dueAt });
    await expectReplays(id);
  });

  it('one written a millisecond later is late: the breach comes first, with the deadline’s own instant', async () => {
    const { id, receivedAt } = await skipping.file(ann);
    const dueAt = plus(receivedAt, 30 * MIN);
    await skipping.passTo(plus(dueAt, 50), id);
    await skipping.writtenAt(plus(dueAt, 1), () => skipping.command(id, ann, 'answer', { message: word(), parts: null }));
    expect((await skipping.events(id)).slice(-3)).toMatchObject([{ type: 'clock_breached', at: dueAt }, { type: 'escalated', at: dueAt }, { type: 'answered', at: plus(dueAt, 1) }]);
    await expectReplays(id);
  });
});

describe('L1.14: who acknowledges stops the climb', () => {
  it('and only of the escalations that were open', async () => {
    const { id, receivedAt } = await skipping.file(web);
    await skipping.passTo(plus(receivedAt, 40 * MIN), id);
    await skipping.command(id, sue, 'acknowledge', {});
    await skipping.passTo(plus(receivedAt, 12 * HOUR + MIN), id);
    const { rung, escalations } = await state(id);
    expect({ rung, open: escalations.filter((one) => one.acknowledgedAt === null) }).toEqual({ rung: 1, open: [] });
    expect(story((await skipping.events(id)).slice(-1), receivedAt, MIN)).toEqual(['720 resolution-1 warned 50']);
    await expectReplays(id);
  });
});
