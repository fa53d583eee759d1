import { setTimeout as pause } from 'node:timers/promises';
import type { Process } from './processes.js';
import { pick, type Random } from './seeded.js';

export interface Chaos {
  /** how often processes were killed, stopped and frozen so far */
  done: Record<'killed' | 'stopped' | 'frozen', number>;
  /** no more of it; answers once every process that it ended runs again */
  stop(): Promise<void>;
}

/** The pause before the next blow, and how long a process is away. */
const BETWEEN_MS = [1_000, 4_000] as const;
const AWAY_MS = [200, 2_500] as const;

/**
 * Ends processes at random and starts them again; of each group one is always left. Most are killed, some stopped in good order,
 * some frozen for a while. `mayStart` is asked before one is started again.
 */
export function startChaos(groups: readonly (readonly Process[])[], random: Random, mayStart: (one: Process) => boolean = () => true): Chaos {
  const done = { killed: 0, stopped: 0, frozen: 0 };
  const ending = new AbortController();
  const coming = new Set<Promise<void>>();
  const rest = (range: readonly [number, number]) =>
    pause(range[0] + random() * (range[1] - range[0]), undefined, { signal: ending.signal }).catch(() => undefined);

  async function blow(one: Process): Promise<void> {
    const how = random();
    if (how < 0.15) {
      done.frozen += 1;
      one.freeze();
      await rest(AWAY_MS);
      one.thaw();
      return;
    }
    done[how < 0.3 ? 'stopped' : 'killed'] += 1;
    await (how < 0.3 ? one.stop() : one.kill());
    const start = comeBack(one).finally(() => coming.delete(start));
    coming.add(start);
  }

  /** Not waited for: a process takes a while to start, and others fall meanwhile. */
  async function comeBack(one: Process): Promise<void> {
    await rest(AWAY_MS);
    if (mayStart(one)) await one.start();
  }

  async function rage(): Promise<void> {
    for (;;) {
      await rest(BETWEEN_MS);
      if (ending.signal.aborted) return;
      const spared = groups.map((group) => group.filter((one) => one.isRunning())).filter((group) => group.length > 1);
      const one = pick(random, pick(random, spared) ?? []);
      if (one) await blow(one);
    }
  }

  const raging = rage();
  return {
    done,
    async stop() {
      ending.abort();
      await raging;
      await Promise.all(coming);
    },
  };
}
