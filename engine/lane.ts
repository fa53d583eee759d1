import { setTimeout as wait } from 'node:timers/promises';

/** Work of one kind that is fetched as long as there is some, and looked for now and then when there is none. */
export interface Lane {
  /** fetches no more, and waits for what is under way */
  stop(): Promise<void>;
}

export interface LaneOptions<Item> {
  /** items under way at a time */
  atOnce: number;
  /** how long to wait when there was nothing */
  everyMs: number;
  /** how many of so many may be begun now; each of them is then claimed, or given back as unused */
  admit(wanted: number): number;
  unused(count: number): void;
  claim(limit: number): Promise<Item[]>;
  /** does one; must not throw */
  work(item: Item): Promise<void>;
  /** items could not be claimed */
  onFailure(error: unknown): void;
}

/**
 * Runs a lane: what is free is filled while there is a backlog, so that it drains as fast as its work goes and not as often as it is
 * polled.
 */
export function startLane<Item>({ atOnce, everyMs, admit, unused, claim, work, onFailure }: LaneOptions<Item>): Lane {
  const under = new Set<Promise<void>>();
  const stopped = new AbortController();
  const isStopped = (): boolean => stopped.signal.aborted;

  async function run(): Promise<void> {
    while (!isStopped()) {
      // several are claimed with one statement, so it waits until several have room
      if (under.size > atOnce / 2) await Promise.race(under);
      else await fill(admit(atOnce - under.size));
    }
    await Promise.all(under);
  }

  async function fill(limit: number): Promise<void> {
    if (limit === 0) return pause(Math.min(everyMs, HELD_MS));
    const items = await claimed(limit);
    unused(limit - items.length);
    for (const item of items) {
      const done = work(item).finally(() => under.delete(done));
      under.add(done);
    }
    if (items.length === 0) await pause(everyMs);
  }

  async function pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
  }

  async function claimed(limit: number): Promise<Item[]> {
    try {
      return await claim(limit);
    } catch (error) {
      onFailure(error);
      return [];
    }
  }

  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

/** How soon to ask again whether something may be begun; that costs nothing. */
const HELD_MS = 100;
