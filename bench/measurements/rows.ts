import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { openDatabase, type Database } from '../../prisma/database.js';
import { statementOf, type Statement } from '../../prisma/statement.js';
import { followedUp } from '../cases/closing.js';
import { median, percentile } from '../figures/percentile.js';
import type { Cell } from '../figures/table.js';
import { fillRows } from '../rows/fill.js';
import { planOf, type Plan } from '../rows/plan.js';
import { complaintShapes, investigationShapes, type Shape } from '../rows/shapes.js';
import type { Section, Setting } from '../setting.js';
import { bareEnvironment, COMMAND } from '../system/child.js';

const TIMES = 20;
const TIMES_SHORT = 2;
/** for a shape that takes long: so many milliseconds are enough of it */
const ENOUGH_MS = 3000;
const SHOWN = 20;

interface Measured {
  name: string;
  plan: Plan;
  /** milliseconds of the list as the API asks for it, and of its SQL by itself */
  list: { p50: number; p99: number };
  plain: { p50: number; p99: number };
}

/** Every list over a million rows in a database of its own: how its rows are found, and how long it takes beside its plain SQL. */
export async function measureRows(setting: Setting): Promise<Section> {
  const rows = setting.options.rows ?? 1_000_000;
  const url = await filledDatabase(setting, rows);
  const database = openDatabase({ url, poolSize: 2, timeoutMs: 120_000 });
  const plain = new pg.Pool({ connectionString: url, max: 2 });
  const measured: Measured[] = [];
  try {
    const now = Date.now();
    const shapes = [...complaintShapes(now), ...investigationShapes(now)];
    for (const [n, shape] of shapes.entries()) {
      measured.push(await measureShape(shape, database, plain, setting.options.short ? TIMES_SHORT : TIMES));
      if (n % 20 === 19) setting.say(`rows: ${n + 1} of ${shapes.length} kinds of list`);
    }
  } finally {
    await plain.end();
    await database.close();
  }
  return sectionOf(rows, measured);
}

async function filledDatabase({ desk, pool, system, say }: Setting, rows: number): Promise<string> {
  const [id] = await followedUp(desk, 1);
  const { rows: real } = await pool.query<{ state: object }>('SELECT state FROM complaint WHERE id = $1', [id]);
  const name = `rows_${randomUUID().replaceAll('-', '')}`;
  await pool.query(`CREATE DATABASE ${name}`);
  const url = new URL(system.databaseUrl);
  url.pathname = `/${name}`;
  execFileSync(process.execPath, [COMMAND, 'migrate'], { env: { ...bareEnvironment(), DATABASE_URL: url.href }, stdio: 'ignore' });
  await fillRows(url.href, rows, real[0]?.state ?? {}, say);
  return url.href;
}

async function measureShape(shape: Shape, database: Database, plain: pg.Pool, times: number): Promise<Measured> {
  const { text, values } = await statementAsked(shape, database);
  const explained = await plain.query<{ 'QUERY PLAN': unknown }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
  const lists: number[] = [];
  const plains: number[] = [];
  const timed = async (into: number[], work: () => Promise<unknown>) => {
    const from = performance.now();
    await work();
    into.push(performance.now() - from);
  };
  const started = performance.now();
  for (let n = 0; n < times && performance.now() - started < ENOUGH_MS; n += 1) {
    await timed(lists, () => shape.ask(database));
    await timed(plains, () => plain.query(text, values));
  }
  return { name: shape.name, plan: planOf(explained.rows[0]?.['QUERY PLAN']), list: spread(lists), plain: spread(plains) };
}

/** The SQL of a list with its values, seen on its way to the database. */
async function statementAsked(shape: Shape, database: Database): Promise<Statement> {
  const seen: Statement[] = [];
  const query: Database['query'] = (strings, ...values) => {
    seen.push(statementOf(strings, values));
    return database.query(strings, ...values);
  };
  await shape.ask({ ...database, query });
  const [statement] = seen;
  if (!statement) throw new Error(`${shape.name} asked nothing`);
  return statement;
}

function spread(milliseconds: readonly number[]) {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  return { p50: percentile(sorted, 50), p99: percentile(sorted, 99) };
}

function sectionOf(rows: number, measured: readonly Measured[]): Section {
  const sequential = measured.filter(({ plan }) => plan.sequential.length > 0);
  const slowest = [...measured].sort((a, b) => b.list.p50 - a.list.p50).slice(0, SHOWN);
  const ratios = measured.map(({ list, plain }) => list.p99 / plain.p99).sort((a, b) => a - b);
  const summary: Cell[][] = [
    ['kinds of list', measured.length],
    ['with a sequential scan', sequential.length],
    ['p50 of the list, median of all kinds, ms', median(measured.map(({ list }) => list.p50))],
    ['p99 of the list over that of its plain SQL, median', median(ratios)],
    ['the same, 90th percentile of kinds', percentile(ratios, 90)],
    ['above twice', ratios.filter((ratio) => ratio > 2).length],
    ['slower than 100 ms at p50', measured.filter(({ list }) => list.p50 > 100).length],
  ];
  const row = ({ name, plan, list, plain }: Measured): Cell[] => [name, list.p50, list.p99, plain.p50, plain.p99, plan.pages, plan.sequential.join(' ') || null];
  return {
    name: 'rows',
    title: `Lists over ${rows} complaints`,
    tables: [
      { head: ['lists', ''], rows: summary },
      { head: [`the ${SHOWN} slowest`, 'p50 ms', 'p99', 'SQL p50', 'SQL p99', 'pages', 'sequential'], rows: slowest.map(row) },
      ...(sequential.length === 0 ? [] : [{ head: [`of ${sequential.length} with a sequential scan`, 'p50 ms', 'p99', 'SQL p50', 'SQL p99', 'pages', 'sequential'], rows: sequential.slice(0, SHOWN).map(row) }]),
    ],
    notes: ['Each list as the API asks for it (filter, reader, order, page of 50), in turns with the same SQL straight through the driver.'],
    comparisons: [],
    data: { rows, measured },
  };
}
