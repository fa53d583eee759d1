import { comparisonOf, type Comparison } from '../figures/comparison.js';
import { sideBySide, type Side } from '../load/sideBySide.js';
import type { Load } from '../load/closedLoop.js';
import type { Options } from '../options.js';
import type { Setting } from '../setting.js';

/** Sides against each other at every number of callers that was asked for. The first is Threefold's. */
export async function compare(what: string, sides: readonly Side[], { options, say }: Setting): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  const { seconds, slices: rounds } = options;
  for (const [i, callers] of options.callers.entries()) {
    // the first number of callers finds processes that have just been started
    const cold = i === 0 && { warmUp: warmUpOf(options) };
    const slices = await sideBySide(sides, { callers, seconds, slices: rounds, ...cold }, (line) => say(`${what}: ${line}`));
    comparisons.push(comparisonOf(what, callers, slices));
  }
  return comparisons;
}

/** What processes that have just been started do before they are measured: with enough callers to keep the machine busy. */
export function warmUpOf({ warmUpSeconds }: Options): Load {
  return { callers: 16, seconds: warmUpSeconds };
}

/** The processes behind a bare call. Its client is the bench itself. */
export function barePids({ bare, system }: Setting): NonNullable<Side['pids']> {
  return () => ({ worker: bare.pids(), engine: system.pids().engine });
}
