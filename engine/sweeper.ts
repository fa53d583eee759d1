import { AsyncResource } from 'node:async_hooks';
import { claimIntents, giveBack, type Lane as Kind } from '../prisma/claims.js';
import type { Intent } from '../prisma/intents.js';
import { LEASE_MS as CALLERS_LEASE_MS, type Deps } from './deps.js';
import { OutcomeUnknown } from './failure.js';
import { finishIntentOf } from './finish.js';
import { startLane, type Lane } from './lane.js';
import { createPace, heldBy, unpaced, type Pace } from './pace.js';
import { createPatience, type Patience } from './patience.js';
import type { Queue } from './queue.js';

export interface Sweeper {
  /** finishes these now, in the background; what fails is left to the next sweep */
  kick(intents: Intent[]): void;
  /** takes no more, and waits for what is under way */
  stop(): Promise<void>;
}

export interface SweeperOptions {
  /** how often open intents are looked for when none were left; null: only what is kicked is finished */
  everyMs: number | null;
  /** intents that are finished at once: of commands and signals so many, and of starts */
  atOnce?: number | undefined;
  /** how fast a backlog of starts is begun at most */
  startsPerSecond?: number | undefined;
  /** whether there is more urgent work: what is kicked to be started then waits, and is left to the sweepers when that lasts */
  isBusy?: () => boolean;
  /** what waits for workers: where that is much, starts go at a tenth of their rate, or commands would wait behind them */
  queue?: Queue | undefined;
  onFailure?: (intent: Intent | null, error: unknown) => void;
}

/**
 * Finishes intents: those just written, in the background, and those that a crash or an engine that was away has left open, once
 * their lease has run out. A backlog drains without a pause, at a bounded rate, oldest first; commands and signals never wait behind
 * starts, nor anything behind what fails again and again, which is tried at growing pauses. While the engine is away one attempt at a
 * time finds out whether it is back.
 */
export function createSweeper(deps: Deps, options: SweeperOptions): Sweeper {
  const { everyMs, atOnce = 8, startsPerSecond = 50, isBusy = () => false, queue, onFailure = () => undefined } = options;
  const patience = createPatience({ most: atOnce });
  const isHeld = (): boolean => queue?.isLong() ?? false;
  const kicked: Kicked[] = [];
  const under = new Set<Promise<unknown>>();
  let stopped = false;

  /** True when it is done. */
  async function finish(intent: Intent, engine: Signs = patience): Promise<boolean> {
    try {
      kick(await finishIntentOf(deps, intent));
      engine.succeeded();
      return true;
    } catch (error) {
      // only what the engine did not answer says something about the engine
      if (error instanceof OutcomeUnknown) engine.failed(deps.temporal.isAway());
      else engine.unused(1);
      onFailure(intent, error);
      return false;
    }
  }

  function kick(intents: Intent[]): void {
    if (stopped) return;
    const bound = intents.map((intent): Kicked => {
      // whatever ends before it begins it, and still it belongs to the request that it was kicked in
      const scope = new AsyncResource('kick');
      return {
        // what a command has raised goes in its order, the start of an investigation before the link to it
        urgent: intent.kind !== 'start' || intent.subject === 'investigation',
        by: performance.now() + HELD_AT_MOST_MS,
        finish: () => scope.runInAsyncScope(finish, null, intent),
      };
    });
    // more than can be done soon is left to the sweepers, of which there may be many
    kicked.push(...bound.filter(({ urgent }) => urgent || kicked.length < MOST));
    begin();
  }

  function begin(): void {
    // in order of their time; a sweeper takes up what has waited too long
    while (kicked[0] && kicked[0].by < performance.now()) kicked.shift();
    while (!stopped && under.size < atOnce) {
      const at = kicked.findIndex(({ urgent }) => urgent || !(isBusy() || isHeld()));
      if (at < 0 || patience.admit(1) === 0) break;
      const [next] = kicked.splice(at, 1);
      if (!next) break;
      const work = next.finish().finally(() => {
        under.delete(work);
        begin();
      });
      under.add(work);
    }
    if (patience.waits) kicked.length = 0;
    if (kicked.length > 0 && under.size < atOnce) again.refresh();
  }

  /** What is held back is looked at again; a process that ends does not wait for it. */
  const again = setTimeout(begin, HELD_MS).unref();

  function sweep(kind: Kind, some: number, every: number, pace: Pace = unpaced): Lane {
    // what is stuck tells nothing about the engine, and is left alone while the others find out whether it is back
    const engine = kind === 'stuck' ? { ...noSigns, admit: (wanted: number) => (patience.waits ? 0 : wanted) } : patience;
    return startLane<Intent>({
      atOnce: some,
      everyMs: every,
      admit(wanted) {
        // the engine is asked first: what a pace has given is used up, also when nothing may be begun
        const admitted = engine.admit(wanted);
        const given = pace.take(admitted);
        engine.unused(admitted - given);
        return given;
      },
      unused: (count) => {
        engine.unused(count);
      },
      claim: (limit) => claimIntents(deps.database, kind, limit, LEASE_MS),
      async work(intent) {
        if (await finish(intent, engine)) return;
        // while the database is away too, the lease stands
        await giveBack(deps.database, [intent], pauseAfter(intent)).catch(() => undefined);
      },
      onFailure: (error) => {
        onFailure(null, error);
      },
    });
  }

  const whileHeld = createPace(Math.max(1, startsPerSecond * SHARE_WHILE_HELD));
  const startPace = heldBy(isHeld, createPace(startsPerSecond), whileHeld);
  const lanes = everyMs === null ? [] : [
    sweep('commands', atOnce, everyMs),
    sweep('starts', atOnce, everyMs, startPace),
    sweep('stuck', Math.ceil(atOnce / 4), everyMs),
  ];
  return {
    kick,
    async stop() {
      stopped = true;
      kicked.length = 0;
      clearTimeout(again);
      await Promise.all([...under, ...lanes.map((lane) => lane.stop())]);
    },
  };
}

/** What was handed over to be finished at once. */
interface Kicked {
  urgent: boolean;
  /** when it is begun at the latest: half of its lease must be left for doing it */
  by: number;
  finish: () => Promise<boolean>;
}

type Signs = Pick<Patience, 'succeeded' | 'failed' | 'unused'>;

const noSigns: Signs = { succeeded: () => undefined, failed: () => undefined, unused: () => undefined };

/** How long one that failed is left alone: a second after the first sweep, twice as long after each, five minutes at most. */
function pauseAfter({ attempts }: Intent): number {
  return Math.min(LONGEST_MS, 1_000 * 2 ** Math.min(attempts - 2, 20));
}

const LONGEST_MS = 300_000;
/** A case that has not been started warns nobody: however much waits for workers, starts have this share of their rate, or one a second. */
const SHARE_WHILE_HELD = 0.1;
const MOST = 256;
const HELD_MS = 20;
const HELD_AT_MOST_MS = CALLERS_LEASE_MS / 2;
/** Longer than the longest attempt: nobody else takes what is being finished. */
const LEASE_MS = 120_000;
