import { claimOpenIntents, type Intent } from '../prisma/intents.js';
import type { Deps } from './deps.js';
import { finishIntentOf } from './finish.js';

export interface Sweeper {
  /** finishes these now, in the background; what fails is left to the next sweep */
  kick(intents: Intent[]): void;
  /** takes no more, and waits for what is under way */
  stop(): Promise<void>;
}

export interface SweeperOptions {
  /** how often open intents are looked for; null: only what is kicked is finished */
  everyMs: number | null;
  /** intents that are finished at once: the rate at which a backlog drains */
  atOnce?: number;
  onFailure?: (intent: Intent | null, error: unknown) => void;
}

/**
 * Finishes intents: those just written, in the background, and those a crash has left open, once their lease has run out.
 * A backlog (an outbreak, an engine that was away) drains at a bounded rate, oldest first.
 */
export function createSweeper(deps: Deps, { everyMs, atOnce = 8, onFailure = () => undefined }: SweeperOptions): Sweeper {
  const queue: Intent[] = [];
  const under = new Set<Promise<void>>();
  let stopped = false;
  let sweeping = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function fill(): void {
    while (!stopped && under.size < atOnce) {
      const intent = queue.shift();
      if (!intent) return;
      const work = finish(intent).finally(() => {
        under.delete(work);
        fill();
      });
      under.add(work);
    }
  }

  async function finish(intent: Intent): Promise<void> {
    try {
      queue.push(...(await finishIntentOf(deps, intent)));
    } catch (error) {
      onFailure(intent, error);
    }
  }

  const next = (): void => {
    sweeping = sweep();
  };

  async function sweep(): Promise<void> {
    try {
      if (queue.length === 0) queue.push(...(await claimOpenIntents(deps.database, atOnce, SWEEP_LEASE_MS)));
      fill();
    } catch (error) {
      onFailure(null, error);
    }
    if (!stopped && everyMs !== null) timer = setTimeout(next, everyMs);
  }

  if (everyMs !== null) timer = setTimeout(next, everyMs);
  return {
    kick(intents) {
      if (stopped) return;
      // more than can be done soon is left to the sweepers, of which there may be many
      if (queue.length < MOST) queue.push(...intents);
      fill();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      queue.length = 0;
      await sweeping;
      await Promise.all(under);
    },
  };
}

const MOST = 256;
/** Longer than the longest attempt: nobody else takes what is being finished. */
const SWEEP_LEASE_MS = 90_000;
