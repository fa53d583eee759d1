import { filing } from '../cases/filing.js';
import { whileCasesRest } from '../cases/resting.js';
import { dbosSide, startDbos, startSameCase, type DbosVariant } from '../dbos/dbos.js';
import { cpuTableOf, tableOf } from '../figures/comparison.js';
import { closedLoop } from '../load/closedLoop.js';
import type { Side } from '../load/sideBySide.js';
import type { Section, Setting } from '../setting.js';
import { drained, quiet } from '../system/quiet.js';
import { barePids, compare } from './compare.js';

/** Filing a complaint over HTTP, next to the bare start of a workflow and to DBOS's start, all with the same body. */
export async function measureIntake(setting: Setting): Promise<Section> {
  const { desk, bare, pool, system, options } = setting;
  const through: { filed: number; seconds: number }[] = [];
  const threefold: Side = {
    name: 'Threefold, HTTP',
    pids: setting.system.pids,
    async run(load) {
      const started = performance.now();
      const slice = await closedLoop(load, () => desk.file());
      await drained(pool);
      through.push({ filed: slice.latencies.length, seconds: (performance.now() - started) / 1000 });
      return slice;
    },
    settle: () => quiet(system, pool),
  };
  const plain: Side = {
    name: 'bare start',
    pids: barePids(setting),
    run: (load) => closedLoop(load, () => bare.start(filing())),
    settle: () => quiet(system, pool),
  };
  const dbos = await startDbos(system);
  const cases = options.short ? null : await startSameCase(system);
  const variants: DbosVariant[] = options.short ? ['start'] : ['start', 'start over HTTP', 'enqueue'];
  try {
    const peers = [...variants.map((variant) => dbosSide(dbos, variant, system)), ...(cases ? [dbosSide(cases, 'same case', system)] : [])];
    const comparisons = await whileCasesRest(desk, () => compare('intake', [threefold, plain, ...peers], setting));
    const filed = through.reduce((sum, one) => sum + one.filed, 0);
    const started = filed / through.reduce((sum, one) => sum + one.seconds, 0);
    return {
      name: 'intake',
      title: 'Intake: a complaint taken for good, next to the start of a workflow',
      tables: [tableOf(comparisons), cpuTableOf(comparisons)],
      notes: [
        `Started in the engine, the backlog of each slice waited for: ${started.toFixed(0)} cases per second over all slices.`,
        'Every call is durable when it is answered: Postgres with synchronous_commit on, the engine with synchronous=full.',
      ],
      comparisons,
      data: { startedPerSecond: started },
    };
  } finally {
    await cases?.stop();
    await dbos.stop();
  }
}
