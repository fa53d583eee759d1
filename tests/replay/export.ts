/**
 * Makes the histories under tests/replay/histories/<version>/ anew: runs each path of paths.ts on a real engine and a real
 * database of its own, and keeps Temporal's history and the recorded events of each complaint and investigation.
 *
 *     npm run build && npx tsx tests/replay/export.ts [VERSION [PATH…]]
 *
 * VERSION is that of package.json unless told. What a release has shipped with stays for ever: a change of the workflows or
 * rules gets a folder of its own, never new files in an old one.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureNamespace } from '../../bin/namespace.js';
import { Connection } from '@temporalio/client';
import { publishPolicy } from '../../prisma/policies.js';
import type { Subject } from '../../prisma/subject.js';
import packageJson from '../../package.json' with { type: 'json' };
import setup, { type Shared } from '../harness/globalSetup.js';
import { startShortRuns } from '../harness/shortRuns.js';
import { openStage, type Stage } from '../harness/stage.js';
import { bank, before, calm, desk, hasty } from '../workflows/policies.js';
import { longPaths, paths, type Left } from './paths.js';

const [version = packageJson.version, ...wanted] = process.argv.slice(2);
const folder = join(import.meta.dirname, 'histories', version);

await main();

async function main(): Promise<void> {
  const shared: Partial<Shared> = {};
  const stop = await setup({ provide: (_key, value) => Object.assign(shared, value) });
  try {
    const { postgres = '', template = '', temporal = '' } = shared;
    if (wanted.length === 0) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const place = { address: temporal, namespace: 'export' };
    const connection = await Connection.connect({ address: temporal });
    await ensureNamespace(connection, place.namespace, 24 * 60 * 60 * 1000);
    await connection.close();
    await keepAll(paths, { databaseUrl: await database('short', postgres, template), place });
    const shortRuns = await startShortRuns(60);
    try {
      await keepAll(longPaths, { databaseUrl: await database('long', postgres, template), place: shortRuns.place });
    } finally {
      await shortRuns.stop();
    }
  } finally {
    await stop();
  }
}

async function database(name: string, postgres: string, template: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  await client.end();
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  return url.href;
}

async function keepAll(all: typeof paths, options: Parameters<typeof openStage>[0]): Promise<void> {
  const stage = openStage(options);
  try {
    for (const policy of [calm, hasty, bank, before, desk]) await publishPolicy(stage.parts.database, policy, 'admin');
    await stage.startWorker();
    const chosen = Object.entries(all).filter(([name]) => wanted.length === 0 || wanted.includes(name));
    const left = await Promise.all(chosen.map(async ([name, path]) => ({ name, ...(await walked(name, path(stage))) })));
    for (const { name, complaint, investigation } of left) {
      if (complaint !== undefined) await keep(stage, investigation === undefined ? name : `${name}.complaint`, 'complaint', complaint);
      if (investigation !== undefined) await keep(stage, complaint === undefined ? name : `${name}.investigation`, 'investigation', investigation);
    }
  } finally {
    await stage.close();
  }
}

async function walked(name: string, left: Promise<Left>): Promise<Left> {
  try {
    return await left;
  } catch (error) {
    throw new Error(`path ${name} does not run`, { cause: error });
  }
}

/** Written only when it replays as it was recorded. */
async function keep(stage: Stage, name: string, subject: Subject, id: string): Promise<void> {
  const finding = await stage.parts.audit.replay(subject, id);
  if (finding?.deterministic !== true || finding.differences.length > 0) throw new Error(`${name} does not replay: ${JSON.stringify(finding)}`);
  const history = await stage.parts.histories.json(subject, id);
  const events = subject === 'complaint' ? await stage.events(id) : await stage.findings(id);
  write(`${name}.json`, history);
  write(`${name}.events.json`, events);
  console.log(`${name}: ${String(history?.events.length ?? 0)} history events, ${String(events.length)} events`);
}

/** Which machine and process it was is left out: it is in the names of workers and of their own queues. */
function write(file: string, content: unknown): void {
  writeFileSync(join(folder, file), `${JSON.stringify(content).replaceAll(`${process.pid}@${hostname()}`, 'export')}\n`);
}
