import type { Say } from '../embedded/progress.js';

const EVERY_MS = 3000;

/** Says how many of `total` are done, every few seconds and at the end, while `work` counts them. */
export async function counting<T>(say: Say, what: string, total: number, work: (done: () => void) => Promise<T>): Promise<T> {
  const started = Date.now();
  let count = 0;
  const tell = (): void => say(`${what}: ${count} of ${total}, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  const timer = setInterval(tell, EVERY_MS);
  try {
    return await work(() => {
      count += 1;
    });
  } finally {
    clearInterval(timer);
    tell();
  }
}

/** Does something with each of a list, so many at a time, in order. */
export async function inTurn<T>(list: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = list.values();
  const lane = async (): Promise<void> => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
