import { closedLoop, RanDry } from '../load/closedLoop.js';
import type { Setting } from '../setting.js';
import { drained } from '../system/quiet.js';
import { fileUnder, restFor } from './policies.js';

const CALLERS = 16;
const SLICE_SECONDS = 15;

/**
 * Files complaints over HTTP until so many cases are open; those that are open already count. They rest: their deadlines come long
 * after the measuring, so that what is measured is not what they do by themselves. Answers how many are open.
 */
export async function fillOpen({ desk, pool, say }: Setting, wanted: number): Promise<number> {
  const started = performance.now();
  const before = await openCases(pool);
  const policy = await restFor(desk, 'P365D');
  for (let open = before; open < wanted; open = await openCases(pool)) {
    let left = wanted - open;
    const file = () => (left-- > 0 ? fileUnder(desk, policy) : Promise.reject(new RanDry()));
    await closedLoop({ callers: CALLERS, seconds: SLICE_SECONDS }, file);
    await drained(pool);
    const now = await openCases(pool);
    say(`open: ${now} of ${wanted} cases, ${((now - before) / ((performance.now() - started) / 1000)).toFixed(0)} a second, started in the engine`);
  }
  await pool.query('VACUUM (ANALYZE)');
  return openCases(pool);
}

async function openCases(pool: Setting['pool']): Promise<number> {
  const { rows } = await pool.query<{ open: number }>(`SELECT count(*)::int AS open FROM complaint WHERE status <> 'closed'`);
  return rows[0]?.open ?? 0;
}

/** So many open cases, any. */
export async function someOpen(pool: Setting['pool'], count: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM complaint WHERE status = 'open' ORDER BY random() LIMIT $1`, [count]);
  return rows.map(({ id }) => id);
}
