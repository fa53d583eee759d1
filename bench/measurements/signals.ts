import type { BareHandle } from '../bare/bare.js';
import { filing } from '../cases/filing.js';
import { usedUp } from '../cases/pool.js';
import { cpuTableOf, tableOf } from '../figures/comparison.js';
import { closedLoop } from '../load/closedLoop.js';
import type { Side } from '../load/sideBySide.js';
import type { Section, Setting } from '../setting.js';
import { drained, quiet } from '../system/quiet.js';
import { barePids, compare } from './compare.js';

/** Escalations of one case: to the top of its tier, and once at the top. */
const USES = 3;

/** Escalations over HTTP, next to as many bare signals. */
export async function measureSignals(setting: Setting): Promise<Section> {
  const { desk, bare, pool, system } = setting;
  const cases = usedUp(USES, () => desk.file(), () => drained(pool));
  const workflows = usedUp<BareHandle>(USES, () => bare.start(filing()), () => Promise.resolve());
  const settle = () => quiet(system, pool);
  const threefold: Side = {
    name: 'Threefold, HTTP',
    pids: setting.system.pids,
    async prepare(load) {
      await cases.prepare(load);
      await settle();
    },
    async run(load) {
      const slice = await closedLoop(load, (caller) => desk.escalate(cases.next(caller).one));
      cases.fast(slice.latencies.length / slice.seconds);
      return slice;
    },
    settle,
  };
  const plain: Side = {
    name: 'bare signal',
    pids: barePids(setting),
    async prepare(load) {
      await workflows.prepare(load);
      await settle();
    },
    async run(load) {
      const slice = await closedLoop(load, (caller) => bare.signal(workflows.next(caller).one));
      workflows.fast(slice.latencies.length / slice.seconds);
      return slice;
    },
    settle,
  };
  const comparisons = await compare('escalations', [threefold, plain], setting);
  return {
    name: 'signals',
    title: 'Escalations, next to the bare signal',
    tables: [tableOf(comparisons), cpuTableOf(comparisons)],
    notes: ['A signal is answered once it is taken; what it sets off (deciding, recording) is waited for after each slice and not timed.'],
    comparisons,
  };
}
