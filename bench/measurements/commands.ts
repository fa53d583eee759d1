import type { BareHandle } from '../bare/bare.js';
import { course, notes, type Step } from '../cases/course.js';
import { filing } from '../cases/filing.js';
import { usedUp } from '../cases/pool.js';
import { whileCasesRest } from '../cases/resting.js';
import { cpuTableOf, tableOf } from '../figures/comparison.js';
import { closedLoop } from '../load/closedLoop.js';
import type { Side } from '../load/sideBySide.js';
import type { Section, Setting } from '../setting.js';
import { drained, quiet } from '../system/quiet.js';
import { barePids, compare } from './compare.js';

/** Commands with their answer over HTTP, a whole course for each case, and notes alone, next to as many bare updates. */
export async function measureCommands(setting: Setting): Promise<Section> {
  const comparisons = [
    ...await compare('commands', [threefoldCommands(setting), bareUpdates(setting)], setting),
    // nobody accepts these cases: they must not warn of their deadlines while others are measured
    ...await whileCasesRest(setting.desk, () => compare('notes', [threefoldCommands(setting, notes), bareUpdates(setting)], setting)),
  ];
  return {
    name: 'commands',
    title: 'Commands with their answer, next to the bare update',
    tables: [tableOf(comparisons), cpuTableOf(comparisons)],
    notes: [
      `A course of ${course.length} commands for each case: ${course.map(({ path }) => path).join(', ')}. As many updates for each bare workflow.`,
      'Notes: as many commands, none of which moves a deadline or asks the customer anything.',
    ],
    comparisons,
  };
}

export function threefoldCommands(setting: Setting, steps: readonly Step[] = course): Side {
  const { desk, pool, system } = setting;
  const cases = usedUp(steps.length, () => desk.file(), () => drained(pool));
  return {
    name: 'Threefold, HTTP',
    pids: setting.system.pids,
    async prepare(load) {
      await cases.prepare(load);
      await quiet(system, pool);
    },
    async run(load) {
      const slice = await closedLoop(load, async (caller) => {
        const { one, nth } = cases.next(caller);
        const step = steps[nth];
        if (step) await desk.command(one, step);
      });
      cases.fast(slice.latencies.length / slice.seconds);
      return slice;
    },
    settle: () => quiet(system, pool),
  };
}

export function bareUpdates(setting: Setting): Side {
  const { bare, pool, system } = setting;
  const workflows = usedUp<BareHandle>(course.length, () => bare.start(filing()), () => Promise.resolve());
  return {
    name: 'bare update',
    pids: barePids(setting),
    async prepare(load) {
      await workflows.prepare(load);
      await quiet(system, pool);
    },
    async run(load) {
      const slice = await closedLoop(load, (caller) => bare.update(workflows.next(caller).one));
      workflows.fast(slice.latencies.length / slice.seconds);
      return slice;
    },
    settle: () => quiet(system, pool),
  };
}
