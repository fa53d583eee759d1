import { closedLoop, RanDry } from '../load/closedLoop.js';
import type { Setting } from '../setting.js';
import { drained } from '../system/quiet.js';

const CALLERS = 16;
const SLICE_SECONDS = 15;

/** Files complaints the way a channel does until so many cases are open; those that are open already count. */
export async function fillOpen({ desk, pool, say }: Setting, wanted: number): Promise<void> {
  const started = performance.now();
  const before = await openCases(pool);
  for (let open = before; open < wanted; open = await openCases(pool)) {
    let left = wanted - open;
    await closedLoop({ callers: CALLERS, seconds: SLICE_SECONDS }, () => (left-- > 0 ? desk.file() : Promise.reject(new RanDry())));
    await drained(pool);
    const now = await openCases(pool);
    say(`open: ${now} of ${wanted} cases, ${((now - before) / ((performance.now() - started) / 1000)).toFixed(0)} a second, started in the engine`);
  }
  await pool.query('VACUUM (ANALYZE)');
}

export async function openCases(pool: Setting['pool']): Promise<number> {
  const { rows } = await pool.query<{ open: number }>(`SELECT count(*)::int AS open FROM complaint WHERE status <> 'closed'`);
  return rows[0]?.open ?? 0;
}

/** So many open cases, any. */
export async function someOpen(pool: Setting['pool'], count: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM complaint WHERE status = 'open' ORDER BY random() LIMIT $1`, [count]);
  return rows.map(({ id }) => id);
}
