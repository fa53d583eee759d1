/** Says a line to the person who waits. */
export type Say = (line: string) => void;

const EVERY_MS = 5000;

/** Says `what` at once, and every few seconds how long it has taken so far, until `work` is done. */
export async function whileSaying<T>(say: Say, what: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  say(`${what} …`);
  const timer = setInterval(() => { say(`${what} … ${elapsed(Date.now() - started)}`); }, EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** `85 s` as `1 min 25 s`. */
export function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${String(seconds)} s` : `${String(Math.floor(seconds / 60))} min ${String(seconds % 60).padStart(2, '0')} s`;
}
