import { comparisonOf, type Comparison } from '../figures/comparison.js';
import { sideBySide, type Side } from '../load/sideBySide.js';
import type { Setting } from '../setting.js';

/** Sides against each other at every number of callers that was asked for. The first is Threefold's. */
export async function compare(what: string, sides: readonly Side[], { options, say }: Setting): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const callers of options.callers) {
    const slices = await sideBySide(sides, { callers, seconds: options.seconds, slices: options.slices }, (line) => say(`${what}: ${line}`));
    comparisons.push(comparisonOf(what, callers, slices));
  }
  return comparisons;
}

/** The processes behind a bare call. Its client is the bench itself. */
export function barePids({ bare, system }: Setting): NonNullable<Side['pids']> {
  return () => ({ worker: bare.pids(), engine: system.pids().engine });
}
