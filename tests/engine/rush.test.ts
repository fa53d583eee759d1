import { expect, it } from 'vitest';
import type { IntakeRequest } from '../../engine/engine.js';
import { watchRush } from '../../engine/rush.js';

it('is while enough callers wait, and a moment longer, for they ask again; fewer are none', async () => {
  let now = 0;
  const answers: (() => void)[] = [];
  const asked = () => new Promise<never>((_resolve, reject) => answers.push(() => { reject(new Error('no')); }));
  const { engine, isRush } = watchRush({ command: asked, intake: asked, openInvestigation: asked, escalate: asked }, { callers: 3, restMs: 100 }, () => now);
  const ask = () => engine.intake({} as IntakeRequest).catch(() => undefined);
  const two = [ask(), ask()];
  expect(isRush()).toBe(false);
  const third = ask();
  expect(isRush()).toBe(true);
  now = 500;
  for (const answer of answers.splice(0)) answer();
  await Promise.all([...two, third]);
  expect(isRush(), 'they have just been answered').toBe(true);
  now = 599;
  expect(isRush()).toBe(true);
  now = 600;
  expect(isRush()).toBe(false);
  const again = ask();
  answers.pop()?.();
  await again;
  expect(isRush(), 'one is no rush').toBe(false);
});
