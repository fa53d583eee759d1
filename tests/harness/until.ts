import { setTimeout as pause } from 'node:timers/promises';

/** Where processes are killed all the time, everything may take as much longer. */
const PATIENCE = process.env['THREEFOLD_TEST_SYSTEM'] === 'cluster' ? 4 : 1;

/** Waits until nothing is left: however long that takes, as long as it becomes less. */
export async function untilNone(count: () => Promise<number>, what: string, withoutProgressMs = 60_000): Promise<void> {
  const fewerThan = (left: number) => async (): Promise<number | null> => {
    const now = await count();
    return now < left ? now : null;
  };
  for (let left = await count(); left > 0; await pause(500)) {
    left = await until(fewerThan(left), `${what}: ${String(left)} are left`, withoutProgressMs);
  }
}

/** Waits until something holds, asking again and again. */
export async function until<T>(ask: () => Promise<T | null | undefined | false>, what: string, ms = 20_000): Promise<T> {
  const end = Date.now() + ms * PATIENCE;
  for (;;) {
    const found = await ask();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${String(ms)} ms in vain for ${what}`);
    await pause(50);
  }
}
