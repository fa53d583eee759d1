import type { Slice } from '../figures/rate.js';

export interface Load {
  callers: number;
  seconds: number;
}

/** There is nothing left to call about: the caller stops, and the slice with it is shorter. */
export class RanDry extends Error {
  override readonly name = 'RanDry';
}

/** So many callers, each of whom calls again as soon as the answer is there, until the time is over. */
export async function closedLoop({ callers, seconds }: Load, call: (caller: number) => Promise<unknown>): Promise<Slice> {
  const latencies: number[] = [];
  const failures: string[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  async function go(caller: number): Promise<void> {
    for (let now = started; now < until; ) {
      try {
        await call(caller);
        const then = performance.now();
        latencies.push(then - now);
        now = then;
      } catch (error) {
        if (error instanceof RanDry) return;
        failures.push(error instanceof Error ? error.message : String(error));
        now = performance.now();
      }
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, caller) => go(caller)));
  return { seconds: (performance.now() - started) / 1000, latencies, failures };
}
