import { expect, type Case } from '../case.js';
import type { Path } from '../path.js';
import type { Row } from '../rows.js';
import { words } from '../words.js';

export const isFrontLine = (row: Row): boolean => row.department === 'customer_service' && !row.personal_safety && !row.media_threat;
const satisfied = { status: 'resolved', customer: 'satisfied', responsibility: 'open' } as const;

/** The customer says so on the tracking page; of every third case somebody who did not handle it asks them. */
export async function satisfy(one: Case, nth = 0): Promise<void> {
  if (nth % 3 === 2) await one.does('quinn', 'follow-up', { satisfied: true, score: 8, comment: words.thanks });
  else await one.customer('follow-up', { satisfied: true, score: 9, comment: words.thanks });
}

export async function resolve(one: Case, solution: string = words.solution): Promise<void> {
  await one.does(one.agent, 'resolve', { solution, message: solution, agreed: true });
}

export async function answer(one: Case, message: string = words.sorry): Promise<void> {
  await one.does(one.agent, 'answer', { message, parts: { apology: message } });
}

/** Level 1 as it should be (L1.1–L1.11). */
const plain: Path = {
  name: 'satisfied',
  title: 'Answered, resolved, satisfied',
  cases: 24,
  fits: isFrontLine,
  async play(one, nth) {
    await answer(one);
    await resolve(one);
    await satisfy(one, nth);
  },
  ends: satisfied,
};

const paused: Path = {
  name: 'paused',
  title: 'Waited for the customer, who wrote',
  cases: 1,
  fits: isFrontLine,
  waits: true,
  async play(one) {
    await answer(one);
    const held = await one.does(one.agent, 'pause', { reason: 'customer_information', note: words.request });
    expect(held.status === 'paused' && stateOf(held, 'resolution') === 'paused', one, 'a pause holds the resolution clock');
    await new Promise((go) => setTimeout(go, HOLD_MS));
    await one.customer('messages', { text: words.more });
    const heard = await one.read();
    expect(heard.status === 'open' && stateOf(heard, 'resolution') === 'running', one, "the customer's message ends the pause");
    await resolve(one);
    await satisfy(one);
  },
  ends: satisfied,
};
const HOLD_MS = 2500;

const dissatisfied: Path = {
  name: 'dissatisfied',
  title: 'Not satisfied, handled again',
  cases: 1,
  fits: isFrontLine,
  async play(one) {
    await answer(one);
    await resolve(one);
    await one.customer('follow-up', { satisfied: false, score: 2, comment: words.notThanks });
    await answer(one, words.again);
    await resolve(one, words.betterSolution);
    await satisfy(one);
  },
  ends: { ...satisfied, cycle: 2 },
};

const withdrawn: Path = {
  name: 'withdrawn',
  title: 'Withdrawn by the customer',
  cases: 1,
  fits: isFrontLine,
  async play(one) {
    await answer(one);
    await one.customer('withdraw', { reason: words.leave });
  },
  ends: { status: 'resolved', customer: 'withdrawn', responsibility: 'open' },
};

const unanswered: Path = {
  name: 'unanswered',
  title: 'Asked three times in vain',
  cases: 2,
  fits: isFrontLine,
  waits: true,
  async play(one) {
    await answer(one);
    await resolve(one);
    await one.until((now) => now.tracks.customer === 'unanswered', 'three attempts were made in vain');
  },
  ends: { ...satisfied, customer: 'unanswered' },
};

export const service: readonly Path[] = [plain, paused, dissatisfied, withdrawn, unanswered];

function stateOf(now: Case['filed'], name: 'resolution'): string | undefined {
  return now.clocks.find((clock) => clock.name === name)?.state;
}
