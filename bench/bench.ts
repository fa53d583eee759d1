import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startBare } from './bare/bare.js';
import { createDesk } from './cases/desk.js';
import { failuresOf } from './figures/comparison.js';
import { createHttp } from './load/http.js';
import { machineOf } from './machine.js';
import { measurements } from './measurements/index.js';
import { readOptions, USAGE, WrongUse, type Options } from './options.js';
import { say } from './progress.js';
import { documentOf, sectionOf, written, type Report } from './report.js';
import type { Section, Setting } from './setting.js';
import { stopAll } from './system/child.js';
import { bearersOf } from './system/people.js';
import { startSystem } from './system/start.js';

/** Connections of one process of Threefold, and so of plain SQL. */
const POOL_SIZE = 10;

process.exitCode = await main(process.argv.slice(2));
// what a library of the peer still keeps open must not keep the report from its end
process.exit();

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    const { grown, failed } = await inFolder(options.data, (folder) => run(options, folder));
    return grown.length === 0 && failed.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof WrongUse) {
      process.stderr.write(`${error.message}\n${USAGE}\n`);
      return 2;
    }
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}

async function inFolder<T>(kept: string | null, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'threefold-bench-'));
  mkdirSync(folder, { recursive: true });
  // Started by root, Postgres runs as another user, who has to pass through.
  chmodSync(folder, 0o711);
  const clear = async (): Promise<void> => {
    await stopAll();
    if (kept === null) rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void clear().then(() => process.exit(1)));
  try {
    return await work(folder);
  } finally {
    await clear();
  }
}

async function run(options: Options, folder: string): Promise<Report> {
  say(`starting Threefold on ${folder}`);
  const system = await startSystem(options.server, folder, say);
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: POOL_SIZE });
  const http = createHttp(system.api);
  const bare = await startBare(system);
  const setting: Setting = { options, system, pool, bare, say, desk: createDesk(http, await bearersOf(system)) };
  const machine = await machineOf(system, pool);
  const sections: Section[] = [];
  for (const name of options.only) {
    say(`${name} …`);
    const section = await measurements[name](setting);
    sections.push(section);
    process.stderr.write(`\n${sectionOf(section)}\n\n`);
  }
  const report: Report = {
    machine, sections,
    grown: sections.flatMap((section) => section.grown ?? []), failed: sections.flatMap(({ comparisons }) => failuresOf(comparisons)),
  };
  process.stdout.write(`${written(report)}\n`);
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify({ options, ...report }, null, 1)}\n`);
  if (options.markdown !== null) writeFileSync(options.markdown, documentOf(report));
  http.close();
  await pool.end();
  await bare.stop();
  await system.stop();
  return report;
}
