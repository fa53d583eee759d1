import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plus } from '../../domain/time.js';
import { complaintById } from '../../prisma/complaints.js';
import { word } from '../harness/driver.js';
import { ann, customer, sue } from '../harness/people.js';
import { startSkipping, type Skipping } from '../harness/skipping.js';
import { DAY, HOUR, MIN, story } from './story.js';

let skipping: Skipping;

beforeAll(async () => {
  skipping = await startSkipping();
});
afterAll(async () => {
  await skipping.close();
});

async function answered(): Promise<{ id: string; receivedAt: string }> {
  const { id, receivedAt } = await skipping.file(ann);
  await skipping.command(id, ann, 'answer', { message: word(), parts: null });
  return { id, receivedAt };
}

/** The resolution clock as it is recorded. */
async function resolution(id: string) {
  return (await complaintById(skipping.parts.database, id))!.state.clocks.find((clock) => clock.id === 'resolution-1')!;
}

async function expectReplays(id: string): Promise<void> {
  expect(await skipping.parts.audit.replay('complaint', id)).toMatchObject({ deterministic: true, differences: [] });
}

describe('spec: sla, pausing', () => {
  it('past its longest duration a pause ends by itself, and the clock goes on with what was left', async () => {
    const { id, receivedAt } = await answered();
    await skipping.passTo(plus(receivedAt, 6 * HOUR), id);
    const paused = await skipping.command(id, ann, 'pause', { reason: 'customer_information', note: null });
    const { since, until } = paused.paused!;
    expect(until).toBe(plus(since, 14 * DAY));
    await skipping.passTo(plus(until, 7 * HOUR), id);
    const events = (await skipping.events(id)).slice(3);
    expect(story(events, since, HOUR).slice(0, 2)).toEqual(['0 paused', `${String(14 * 24)} resumed limit`]);
    expect(events.slice(2)).toMatchObject([{ type: 'clock_warned', at: plus(receivedAt, 12 * HOUR + 14 * DAY), data: { clock: 'resolution-1', percent: 50 } }]);
    await expect(skipping.command(id, ann, 'pause', { reason: 'customer_information', note: null })).rejects.toThrow('pause-used-up');
    await skipping.passTo(plus(receivedAt, 24 * HOUR + 14 * DAY + MIN), id);
    expect((await resolution(id)).breachedAt).toBe(plus(receivedAt, 24 * HOUR + 14 * DAY));
    await expectReplays(id);
  });

  it('a message ends it, back-dated to when it was received; the same reason then has what is left of it', async () => {
    const { id, receivedAt } = await answered();
    const { paused } = await skipping.command(id, ann, 'pause', { reason: 'customer_information', note: null });
    await skipping.passTo(plus(receivedAt, 9 * DAY + 6 * HOUR), id);
    await skipping.command(id, ann, 'hear', { text: word(), receivedAt: plus(paused!.since, 9 * DAY) });
    expect((await skipping.events(id)).at(-1)).toMatchObject({ type: 'resumed', data: { cause: 'message', from: plus(paused!.since, 9 * DAY) } });
    const again = await skipping.command(id, ann, 'pause', { reason: 'customer_information', note: null });
    expect(again.paused!.until).toBe(plus(again.paused!.since, 5 * DAY));
    await skipping.passTo(plus(again.paused!.until, MIN), id);
    expect((await skipping.events(id)).filter(({ type }) => type === 'resumed')).toHaveLength(2);
    await expectReplays(id);
  });
});

describe('L1.11: the follow-up', () => {
  async function resolved(): Promise<{ id: string; resolvedAt: string }> {
    const { id } = await answered();
    const state = await skipping.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: null, reason: null });
    return { id, resolvedAt: state.resolvedAt! };
  }

  async function asked(id: string): Promise<number> {
    return skipping.parts.database.client.delivery.count({ where: { complaint: id, kind: 'follow_up_attempted' } });
  }

  it('asks at 0, 1 and 2 intervals and gives up at the end of the third, in time', async () => {
    const { id, resolvedAt } = await resolved();
    await skipping.passTo(plus(resolvedAt, 25 * HOUR), id);
    const events = (await skipping.events(id)).filter((event) => event.at >= resolvedAt && event.type !== 'clock_warned');
    expect(story(events, resolvedAt, HOUR)).toEqual(['0 resolved', '0 follow_up_attempted 1/3', '8 follow_up_attempted 2/3', '16 follow_up_attempted 3/3', '24 unanswered']);
    expect(await asked(id)).toBe(3);
    await expectReplays(id);
  });

  it('stops asking once there is an answer', async () => {
    const { id, resolvedAt } = await resolved();
    await skipping.passTo(plus(resolvedAt, 9 * HOUR), id);
    await skipping.command(id, customer, 'followUp', { satisfied: true, score: 5, comment: null });
    await skipping.passTo(plus(resolvedAt, 3 * DAY), id);
    expect(await asked(id)).toBe(2);
    expect((await complaintById(skipping.parts.database, id))!.state.tracks.customer).toBe('satisfied');
    await expectReplays(id);
  });

  it('an answer taken down for the customer may come late, and be contradicted after `unanswered`', async () => {
    const { id, resolvedAt } = await resolved();
    await skipping.passTo(plus(resolvedAt, 2 * DAY), id);
    await expect(skipping.command(id, sue, 'followUp', { satisfied: true, score: null, comment: null })).rejects.toThrow('no-follow-up');
    const state = await skipping.command(id, customer, 'followUp', { satisfied: false, score: 1, comment: null });
    expect({ cycle: state.cycle, customer: state.tracks.customer }).toEqual({ cycle: 2, customer: 'accepted' });
    await skipping.passTo(plus(state.lastAt, 31 * MIN), id);
    expect((await skipping.events(id)).at(-2)).toMatchObject({ type: 'clock_breached', at: plus(state.lastAt, 30 * MIN), data: { clock: 'response-2' } });
    await expectReplays(id);
  });
});
