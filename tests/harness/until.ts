import { setTimeout as pause } from 'node:timers/promises';

/** Waits until something holds, asking again and again. */
export async function until<T>(ask: () => Promise<T | null | undefined | false>, what: string, ms = 20_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await ask();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${String(ms)} ms in vain for ${what}`);
    await pause(50);
  }
}
