import { around } from './around.js';
import type { Engine } from './engine.js';

/** The same engine, and how many of its callers wait for their answer. */
export function countUnderWay(engine: Engine): { engine: Engine; underWay: () => number } {
  let waiting = 0;
  const counted = around(engine, async (_subject, _command, work) => {
    waiting += 1;
    try {
      return await work();
    } finally {
      waiting -= 1;
    }
  });
  return { engine: counted, underWay: () => waiting };
}
