import { comparisonOf, cpuTableOf, tableOf, type Comparison } from '../figures/comparison.js';
import { mebibytes } from '../figures/mebibytes.js';
import type { Cell } from '../figures/table.js';
import { sideBySide } from '../load/sideBySide.js';
import type { Section, Setting } from '../setting.js';
import { usageOf } from '../system/processTree.js';
import { bareUpdates, threefoldCommands } from './commands.js';
import { warmUpOf } from './compare.js';

const CALLERS = 16;

/** Commands at 16 callers with several worker processes, next to the bare update with as many bare workers. */
export async function measureWorkers(setting: Setting): Promise<Section> {
  const { system, bare, options, say } = setting;
  const comparisons: Comparison[] = [];
  const memory: Cell[][] = [];
  try {
    for (const workers of options.workers) {
      await Promise.all([system.scale(workers), bare.scale(workers)]);
      const sides = [threefoldCommands(setting), bareUpdates(setting)];
      const rounds = { callers: CALLERS, seconds: options.seconds, slices: options.slices, warmUp: warmUpOf(options) };
      const slices = await sideBySide(sides, rounds, (line) => say(`${workers} workers: ${line}`));
      comparisons.push(comparisonOf(`${workers} workers`, CALLERS, slices));
      const used = usageOf(system.pids())['worker'];
      if (used) memory.push([workers, mebibytes(used.rss / workers), mebibytes(used.pss && used.pss / workers)]);
    }
  } finally {
    await Promise.all([system.scale(1), bare.scale(1)]);
  }
  return {
    name: 'workers',
    title: 'Commands with several workers',
    tables: [tableOf(comparisons), cpuTableOf(comparisons), { head: ['workers', 'RSS MiB of each', 'PSS MiB of each'], rows: memory }],
    notes: ['All processes share the processors of one machine: rates cannot grow with workers here; what a command costs can stay the same.'],
    comparisons,
  };
}
