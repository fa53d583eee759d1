import { mebibytes } from '../figures/mebibytes.js';
import type { Cell } from '../figures/table.js';
import type { Section, Setting } from '../setting.js';
import { usageOf } from '../system/processTree.js';
import { quiet } from '../system/quiet.js';

/** What each process holds after all that was measured before. */
export async function measureMemory({ system, pool }: Setting): Promise<Section> {
  await quiet(system, pool);
  const usage = usageOf(system.pids());
  const { rows: counts } = await pool.query<{ cases: number }>('SELECT count(*)::int AS cases FROM complaint');
  const rows = Object.entries(usage).map(([name, { rss, pss, cpuSeconds }]): Cell[] => [name, mebibytes(rss), mebibytes(pss), cpuSeconds]);
  return {
    name: 'memory',
    title: 'Memory of each process',
    tables: [{ head: ['process', 'RSS MiB', 'PSS MiB', 'CPU s so far'], rows }],
    notes: [`After ${counts[0]?.cases ?? 0} cases. Postgres is many processes that share pages: PSS counts each page once.`],
    comparisons: [],
    data: { usage, cases: counts[0]?.cases },
  };
}
