import { setTimeout as pause } from 'node:timers/promises';

/** Waits for SIGTERM or SIGINT; repeated ones change nothing. */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { resolve(); });
  });
}

/** Waits for some work, at most so long; false when it takes longer, which it may then do. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const late = pause(ms, false, { signal: patience.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    patience.abort();
  }
}

/**
 * Ends the process at the latest then. What it has under way with somebody who does not answer is safe to cut: whatever was
 * acknowledged is written down, and the next process goes on with it.
 */
export function endWithin(ms: number): void {
  setTimeout(() => process.exit(), ms).unref();
}
