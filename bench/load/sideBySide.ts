import type { Slice } from '../figures/rate.js';
import { cpuSecondsOf } from '../system/processTree.js';
import type { Load } from './closedLoop.js';

/** One of those that are compared. */
export interface Side {
  name: string;
  /** makes ready what a slice will use up; not measured */
  prepare?(load: Load): Promise<void>;
  run(load: Load): Promise<Slice>;
  /** waits until what the slice has left to be done is done, so that the next side does not pay for it */
  settle?(): Promise<unknown>;
  /** the processes that do its work, by what they are; the bench itself, which calls, comes on top as `client` */
  pids?(): Readonly<Record<string, readonly number[]>>;
}

export interface Rounds extends Load {
  slices: number;
  /** what each side does first, unmeasured; a second unless told. A process that has just been started compiles its code while it works */
  warmUp?: Load;
}

/** Seconds. In one piece, more cases would be made ready for it than a worker keeps in memory. */
const WARM_UP_SLICE = 10;

/** The slices of each side, in turns: what drifts (a machine that others use, a database that grows) hits all of them. */
export async function sideBySide<Name extends string>(
  sides: readonly (Side & { name: Name })[],
  { callers, seconds, slices, warmUp = { callers, seconds: Math.min(1, seconds) } }: Rounds,
  say: (line: string) => void,
): Promise<Record<Name, Slice[]>> {
  const measured = new Map<string, Slice[]>(sides.map(({ name }) => [name, []]));
  const slice = async (side: Side, load: Load): Promise<Slice> => {
    await side.prepare?.(load);
    const before = cpuOf(side);
    const own = process.cpuUsage();
    const done = await side.run(load);
    const { user, system } = process.cpuUsage(own);
    await side.settle?.();
    const used = Object.entries(cpuOf(side)).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)] as const);
    // without what the bench itself does between slices
    return { ...done, cpu: { ...Object.fromEntries(used), client: (user + system) / 1e6 } };
  };
  for (let left = warmUp.seconds; left > 0; left -= WARM_UP_SLICE) {
    for (const side of sides) await slice(side, { callers: warmUp.callers, seconds: Math.min(left, WARM_UP_SLICE) });
  }
  for (let round = 0; round < slices; round += 1) {
    // the other way round each time, so that nobody always comes after the same
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const done = await slice(side, { callers, seconds });
      measured.get(side.name)?.push(done);
      say(`${side.name}, ${callers} callers: ${(done.latencies.length / done.seconds).toFixed(0)}/s${failed(done)}`);
    }
  }
  return Object.fromEntries(measured) as Record<Name, Slice[]>;
}

function failed({ failures }: Slice): string {
  return failures.length === 0 ? '' : `, ${failures.length} failed: ${failures[0] ?? ''}`;
}

function cpuOf(side: Side): Record<string, number> {
  return Object.fromEntries(Object.entries(side.pids?.() ?? {}).map(([name, pids]) => [name, cpuSecondsOf(pids)]));
}
