import { parseArgs } from 'node:util';

/** Every measurement, by the name that `--only` takes, in the order in which they run. */
export const names = [
  'startup', 'generator', 'intake', 'commands', 'signals', 'reads', 'lists', 'dbos', 'history', 'replay', 'planning', 'bytes', 'memory', 'workers', 'open', 'rows',
] as const;
export type Name = (typeof names)[number];

export interface Options {
  /** the small form that CI runs */
  short: boolean;
  /** where the report goes as JSON, or null */
  json: string | null;
  /** where the report goes as a document, or null */
  markdown: string | null;
  only: readonly Name[];
  /** how many ask at once, each of them measured */
  callers: readonly number[];
  /** what Temporal keeps its data in: the embedded set-up's SQLite file, or Postgres */
  server: 'embedded' | 'postgres';
  /** how many worker processes, each of them measured */
  workers: readonly number[];
  /** open cases to measure with, or null */
  open: number | null;
  /** complaint rows to measure lists with, or null */
  rows: number | null;
  /** a folder of an earlier run to go on with, which is kept; null: one of its own, gone at the end */
  data: string | null;
  /** length of a slice in seconds */
  seconds: number;
  /** how long each side runs before it is measured, in seconds */
  warmUpSeconds: number;
  /** slices of each side at each number of callers */
  slices: number;
  /** writes what is counted to baseline.json instead of comparing with it */
  writeBaseline: boolean;
}

/** The command line does not say what to measure. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

export const USAGE = `npm run bench -- [options]
  --short               the small form for CI: every measurement once, some minutes
  --only NAME           one measurement; may be given several times, or with commas: ${names.join(', ')}
  --callers 1,16,64     how many ask at once
  --server embedded     what Temporal keeps its data in: embedded (SQLite) or postgres
  --workers 1,2,4       worker processes, for the measurement "workers"
  --open N              with N open cases (1000, 10000, 100000): runs "open"
  --rows N              lists over N complaint rows made by SQL: runs "rows"
  --data DIR            go on with the data of an earlier run in this folder, and keep it (embedded only)
  --seconds S           length of a slice (4)
  --slices N            slices of each side (3)
  --warm-up S           seconds that each side runs before it is measured (60)
  --json FILE           the report for machines as well
  --markdown FILE       the report as a document, as in docs/performance.md
  --write-baseline      keeps what was counted as bench/baseline.json`;

/** The large ones in a small form say nothing of how fast anything is: they show that they can be run. */
const SHORT = { open: 40, rows: 2_000, workers: [2] };

/** Reads the command line. Throws `WrongUse`. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  const short = values.short ?? false;
  const open = whole('open', values.open) ?? (short ? SHORT.open : null);
  const rows = whole('rows', values.rows) ?? (short ? SHORT.rows : null);
  const asked = (values.only ?? []).flatMap((one) => one.split(',')).map(nameOf);
  const workers = wholes('workers', values.workers) ?? (short ? SHORT.workers : [1]);
  return {
    short,
    json: values.json ?? null,
    markdown: values.markdown ?? null,
    only: asked.length > 0 ? asked : chosen({ short, open, rows, workers }),
    callers: wholes('callers', values.callers) ?? (short ? [16] : [1, 16, 64]),
    server: serverOf(values.server ?? 'embedded'),
    workers,
    open,
    rows,
    data: dataOf(values.data, values.server),
    seconds: positive('seconds', values.seconds) ?? (short ? 1.5 : 4),
    warmUpSeconds: positive('warm-up', values['warm-up']) ?? (short ? 1 : 60),
    slices: whole('slices', values.slices) ?? (short ? 1 : 3),
    writeBaseline: values['write-baseline'] ?? false,
  };
}

/** What runs when nothing is named: the large ones only where their size is given. */
function chosen({ short, open, rows, workers }: Pick<Options, 'short' | 'open' | 'rows' | 'workers'>): Name[] {
  if (short) return [...names];
  if (open !== null || rows !== null) return [...(open === null ? [] : ['open' as const]), ...(rows === null ? [] : ['rows' as const])];
  return names.filter((name) => name !== 'open' && name !== 'rows' && (name !== 'workers' || workers.length > 1));
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        short: { type: 'boolean' }, json: { type: 'string' }, markdown: { type: 'string' }, only: { type: 'string', multiple: true }, callers: { type: 'string' },
        server: { type: 'string' }, workers: { type: 'string' }, open: { type: 'string' }, rows: { type: 'string' }, data: { type: 'string' },
        seconds: { type: 'string' }, slices: { type: 'string' }, 'warm-up': { type: 'string' }, 'write-baseline': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function nameOf(text: string): Name {
  const found = names.find((name) => name === text);
  if (!found) throw new WrongUse(`There is no measurement "${text}": ${names.join(', ')}.`);
  return found;
}

function serverOf(text: string): Options['server'] {
  if (text !== 'embedded' && text !== 'postgres') throw new WrongUse('--server is embedded or postgres.');
  return text;
}

function dataOf(folder: string | undefined, server: string | undefined): string | null {
  if (folder !== undefined && server === 'postgres') throw new WrongUse('--data goes with the embedded set-up only.');
  return folder ?? null;
}

function positive(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new WrongUse(`--${name} is a number above 0.`);
  return value;
}

function whole(name: string, text: string | undefined): number | null {
  const value = positive(name, text);
  if (value !== null && !Number.isInteger(value)) throw new WrongUse(`--${name} is a whole number.`);
  return value;
}

function wholes(name: string, text: string | undefined): number[] | null {
  return text === undefined ? null : text.split(',').map((one) => whole(name, one) ?? 1);
}
