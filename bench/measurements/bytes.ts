import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Pool } from 'pg';
import { layoutOf } from '../../bin/embedded/layout.js';
import { course } from '../cases/course.js';
import { followedUp } from '../cases/closing.js';
import type { Cell } from '../figures/table.js';
import type { Section, Setting } from '../setting.js';
import type { System } from '../system/system.js';
import { drained, quiet } from '../system/quiet.js';

const CASES = 200;
const CASES_SHORT = 16;
const MAKERS = 8;

/** Bytes in Postgres, by table, and in the engine, of a case that was only filed and of one that was followed up. */
export async function measureBytes({ desk, pool, system, say, options }: Setting): Promise<Section> {
  const cases = options.short ? CASES_SHORT : CASES;
  await quiet(system, pool);
  const start = await sizes(system, pool);
  let left = cases;
  await Promise.all(Array.from({ length: MAKERS }, async () => {
    while (left-- > 0) await desk.file();
  }));
  await drained(pool);
  await quiet(system, pool);
  const filed = await sizes(system, pool);
  say(`bytes: ${cases} cases filed`);
  await followedUp(desk, cases, MAKERS);
  await quiet(system, pool);
  const done = await sizes(system, pool);
  const [ofFiled, ofDone] = [growth(filed, start, cases), growth(done, filed, cases)];
  const rows = Object.keys(done)
    .sort((a, b) => (ofDone[b] ?? 0) - (ofDone[a] ?? 0))
    .map((name): Cell[] => [name, ofFiled[name] ?? 0, ofDone[name] ?? 0])
    .filter(([, a, b]) => a !== 0 || b !== 0);
  return {
    name: 'bytes',
    title: 'Bytes of a case',
    tables: [{ head: ['bytes of a case in', 'filed', `after ${course.length} commands`], rows: [...rows, ['Postgres in all', inPostgres(ofFiled), inPostgres(ofDone)]] }],
    notes: [`Growth over ${cases} cases, indexes and what Postgres has not vacuumed yet included; the engine's write-ahead log is not.`],
    comparisons: [],
    data: { cases, filed: ofFiled, followedUp: ofDone },
  };
}

type Sizes = Record<string, number>;
const ENGINE = 'engine';

/** For each case. */
function growth(after: Sizes, before: Sizes, cases: number): Sizes {
  return Object.fromEntries(Object.entries(after).map(([name, bytes]) => [name, (bytes - (before[name] ?? 0)) / cases]));
}

function inPostgres(each: Sizes): number {
  return Object.entries(each).reduce((sum, [name, bytes]) => (name === ENGINE ? sum : sum + bytes), 0);
}

async function sizes(system: System, pool: Pool): Promise<Sizes> {
  const { rows } = await pool.query<{ name: string; bytes: string }>(
    `SELECT relname AS name, pg_total_relation_size(oid) AS bytes FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  return { [ENGINE]: await engineBytes(system, pool), ...Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)])) };
}

/** The engine's SQLite file without its log, or its databases in Postgres. */
async function engineBytes({ kind, dataDir }: System, pool: Pool): Promise<number> {
  if (kind === 'postgres') {
    const { rows } = await pool.query<{ bytes: string }>(`SELECT sum(pg_database_size(oid)) AS bytes FROM pg_database WHERE datname LIKE 'temporal%'`);
    return Number(rows[0]?.bytes ?? 0);
  }
  const file = layoutOf(dataDir).temporal;
  const names = readdirSync(dirname(file)).filter((name) => name === basename(file));
  return names.reduce((sum, name) => sum + statSync(join(dirname(file), name)).size, 0);
}
