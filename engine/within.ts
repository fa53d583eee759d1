import { setTimeout as pause } from 'node:timers/promises';

/** Waits for some work, at most so long; false when it takes longer, which it may then do. Throws what the work throws meanwhile. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const late = pause(ms, false, { signal: patience.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    patience.abort();
  }
}
