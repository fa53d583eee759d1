import { filing } from '../cases/filing.js';
import { cpuTableOf, tableOf } from '../figures/comparison.js';
import { closedLoop } from '../load/closedLoop.js';
import type { Side } from '../load/sideBySide.js';
import type { Section, Setting } from '../setting.js';
import { drained } from '../system/quiet.js';
import { barePids, compare } from './compare.js';

const OPEN = 64;

/** Reading open cases one by one over HTTP, which asks their workflows, next to the bare query. */
export async function measureReads(setting: Setting): Promise<Section> {
  const { desk, bare, pool } = setting;
  const cases = await Promise.all(Array.from({ length: OPEN }, () => desk.file()));
  const workflows = await Promise.all(Array.from({ length: OPEN }, () => bare.start(filing())));
  await drained(pool);
  const inTurn = <T>(all: readonly T[]) => {
    let next = 0;
    return (): T => {
      const one = all[next++ % all.length];
      if (one === undefined) throw new Error('there is nothing to read');
      return one;
    };
  };
  const [someCase, someWorkflow] = [inTurn(cases), inTurn(workflows)];
  const threefold: Side = { name: 'Threefold, HTTP', pids: setting.system.pids, run: (load) => closedLoop(load, () => desk.read(someCase())) };
  const plain: Side = { name: 'bare query', pids: barePids(setting), run: (load) => closedLoop(load, () => bare.query(someWorkflow())) };
  const comparisons = await compare('read one', [threefold, plain], setting);
  return { name: 'reads', title: 'Reading an open case, next to the bare query', tables: [tableOf(comparisons), cpuTableOf(comparisons)], notes: [], comparisons };
}
