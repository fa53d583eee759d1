import { expect, type Case } from '../case.js';
import type { Path } from '../path.js';
import { words } from '../words.js';
import { answer, isFrontLine, resolve, satisfy } from './service.js';

const satisfied = { status: 'resolved', customer: 'satisfied', responsibility: 'open' } as const;

async function handled(one: Case): Promise<void> {
  await answer(one, words.again);
  await resolve(one, words.betterSolution);
  await satisfy(one);
}

/** Nobody answers in time: rung 1, whose supervisor takes it over (L1.14). */
const late: Path = {
  name: 'late',
  title: 'Answered too late, up to rung 1',
  cases: 5,
  fits: isFrontLine,
  waits: true,
  async play(one) {
    await one.until((now) => now.rung >= 1, 'the breach of the response clock has raised it');
    await one.does('sue', 'acknowledge');
    await handled(one);
  },
  ends: { ...satisfied, breached: 'response', raisedBy: 'breach', rung: 1 },
};

/** Nobody acknowledges either: on to rung 2, the top of its tier. */
const unheard: Path = {
  name: 'unheard',
  title: 'Not acknowledged, up to rung 2',
  cases: 2,
  fits: isFrontLine,
  waits: true,
  async play(one) {
    await one.until((now) => now.rung === 2, 'the breach of the acknowledge clock has raised it');
    const taken = await one.does('sam', 'acknowledge');
    expect(taken.escalations.every(({ acknowledgedBy }) => acknowledgedBy !== null), one, 'rung 2 acknowledges what is open up to it');
    await handled(one);
  },
  ends: { ...satisfied, breached: 'acknowledge', raisedBy: 'unacknowledged', rung: 2 },
};

/** Left alone until the resolution is late too: at the top each raise is still recorded. */
const forgotten: Path = {
  name: 'forgotten',
  title: 'Resolved too late, raised at the top',
  cases: 1,
  fits: isFrontLine,
  waits: true,
  async play(one) {
    await one.until((now) => now.clocks.some(({ id, breachedAt }) => id === 'resolution-1' && breachedAt !== null), 'the resolution clock is breached', 90);
    await one.does('sam', 'acknowledge');
    await handled(one);
  },
  ends: { ...satisfied, breached: 'resolution', raisedBy: 'warning', rung: 2 },
};

const urgent: Path = {
  name: 'urgent',
  title: 'A danger to people, at rung 3 at once',
  cases: 2,
  fits: (row) => row.personal_safety,
  async play(one) {
    expect(one.filed.tier === 'urgent' && one.filed.rung === 3, one, 'a danger to people is urgent, and begins at rung 3');
    await one.does('sky', 'acknowledge');
    await handled(one);
  },
  ends: { ...satisfied, raisedBy: 'tier', rung: 3 },
};

const media: Path = {
  name: 'media',
  title: 'A threat to go to the media, at rung 2',
  cases: 1,
  fits: (row) => row.media_threat,
  async play(one) {
    expect(one.filed.tier === 'serious' && one.filed.special.includes('major'), one, 'a media threat is serious, and a major case');
    await one.does('sam', 'acknowledge');
    await handled(one);
  },
  ends: { ...satisfied, raisedBy: 'media', rung: 2 },
};

/** The owner asks for help; a supervisor takes over and gives the work to somebody else. */
const signalled: Path = {
  name: 'signalled',
  title: 'Raised by its owner, done by another',
  cases: 1,
  fits: isFrontLine,
  async play(one) {
    await one.escalates(one.agent, { reason: words.help, to: 1 });
    await one.until((now) => now.rung === 1, "the owner's signal has raised it");
    await one.does('sue', 'acknowledge');
    const assignee = one.agent === 'ann' ? 'bob' : 'ann';
    await one.does('sue', 'assign', { assignee, reason: words.help });
    await one.does(assignee, 'answer', { message: words.sorry });
    await one.does(assignee, 'note', { text: words.request });
    await one.does(assignee, 'resolve', { solution: words.solution, agreed: true });
    await one.refused(assignee, 'follow-up', { satisfied: true }, 'follow-up-by-handler');
    expect((await one.read()).owner === one.agent, one, 'the first-contact owner stays');
    await satisfy(one);
  },
  ends: { ...satisfied, raisedBy: 'signal', rung: 1 },
};

const complained: Path = {
  name: 'complained',
  title: 'Raised by the customer',
  cases: 1,
  fits: isFrontLine,
  async play(one) {
    await one.customer('escalations', { reason: words.hurry });
    await one.until((now) => now.rung === 1, 'the customer has raised it');
    await one.does('sue', 'acknowledge');
    await handled(one);
  },
  ends: { ...satisfied, raisedBy: 'customer', rung: 1 },
};

export const ladder: readonly Path[] = [late, unheard, forgotten, urgent, media, signalled, complained];
