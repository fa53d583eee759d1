import { cpuTableOf, tableOf } from '../figures/comparison.js';
import { closedLoop } from '../load/closedLoop.js';
import type { Side } from '../load/sideBySide.js';
import type { Section, Setting } from '../setting.js';
import { compare } from './compare.js';

/** What a table of these sides has to say. */
export const SAME_PAGE = 'It is the same page each time: nothing on it changes, so its cases are read and deciphered once, and then their marks; the SQL reads whole rows (docs/decisions/0008).';
const LIMIT = 50;
const FEWEST = 200;
const FEWEST_SHORT = 64;

/** A page of the newest cases over HTTP, with their words, next to the plain SQL that reads the same rows. */
export async function measureLists(setting: Setting): Promise<Section> {
  const { desk, pool, say, options } = setting;
  const fewest = options.short ? FEWEST_SHORT : FEWEST;
  const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM complaint');
  const there = rows[0]?.n ?? 0;
  for (let n = there; n < fewest; n += 16) await Promise.all(Array.from({ length: 16 }, () => desk.file()));
  await pool.query('ANALYZE complaint');
  say(`lists over ${Math.max(there, fewest)} rows`);
  const comparisons = await compare('list of 50', listSides(setting), setting);
  return {
    name: 'lists',
    title: 'A page of 50 cases with their words, next to the plain SQL of the same rows',
    tables: [tableOf(comparisons), cpuTableOf(comparisons)],
    notes: [
      'The page is 50 complaints with all their words, as JSON; the SQL answers rows. "rows" measures the query alone, over a million.',
      SAME_PAGE,
    ],
    comparisons,
  };
}

export function listSides(setting: Setting): Side[] {
  const { desk, pool, system } = setting;
  const sql = 'SELECT c.*, u.identity FROM complaint c JOIN customer u ON u.id = c.customer ORDER BY c.received_at DESC, c.id DESC LIMIT $1';
  return [
    { name: 'Threefold, HTTP', pids: setting.system.pids, run: (load) => closedLoop(load, () => desk.get('ann', `/v1/complaints?limit=${LIMIT}`)) },
    {
      name: 'plain SQL',
      pids: () => ({ postgres: system.pids().postgres }),
      run: (load) => closedLoop(load, () => pool.query(sql, [LIMIT + 1])),
    },
  ];
}
