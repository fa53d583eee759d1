import { around } from './around.js';
import type { Engine } from './engine.js';

/** What counts as a rush of callers. */
export interface Rush {
  /** so many wait for their answer at a time */
  callers: number;
  /** or did so long ago, at an intake: callers whose intakes go into one statement are answered together, and ask again a moment later */
  restMs: number;
}

/** The same engine, and whether its callers are in a rush. */
export function watchRush(
  engine: Engine, { callers, restMs }: Rush, now = () => performance.now(),
): { engine: Engine; isRush: () => boolean } {
  let waiting = 0;
  let last = Number.NEGATIVE_INFINITY;
  const watched = around(engine, async (_subject, command, work) => {
    waiting += 1;
    try {
      return await work();
    } finally {
      if (command === 'file' && waiting >= callers) last = now();
      waiting -= 1;
    }
  });
  return { engine: watched, isRush: () => waiting >= callers || now() - last < restMs };
}
