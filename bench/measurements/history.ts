import { readFileSync, writeFileSync } from 'node:fs';
import type { Pool } from 'pg';
import { z } from 'zod';
import { close } from '../cases/closing.js';
import { responsibility, shortCourse, type Step } from '../cases/course.js';
import type { Desk } from '../cases/desk.js';
import { Counts, grown } from '../figures/baseline.js';
import { median } from '../figures/percentile.js';
import type { Cell } from '../figures/table.js';
import type { Section, Setting } from '../setting.js';
import { drained, quiet } from '../system/quiet.js';

const BASELINE = new URL('../baseline.json', import.meta.url);
const CASES = 5;
const CASES_SHORT = 3;
const UPDATE = 'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED';

const History = z.looseObject({ events: z.array(z.looseObject({ eventType: z.string() })) });

/** What a case costs, counted: events in its history, updates and write transactions for each command. Compared with the baseline. */
export async function measureHistory({ desk, pool, system, options, say }: Setting): Promise<Section> {
  const cases = options.short ? CASES_SHORT : CASES;
  const ids: string[] = [];
  const resolved: number[] = [];
  const followed: string[][] = [];
  const transactions: number[] = [];
  for (let n = 0; n < cases; n += 1) {
    const id = await desk.file();
    await drained(pool);
    for (const step of shortCourse) {
      transactions.push(await writes(pool, () => desk.command(id, step)));
      await quiet(system, pool);
      if (step.path === 'resolve') resolved.push((await eventsOf(desk, id)).length);
    }
    followed.push(await eventsOf(desk, id));
    ids.push(id);
    say(`history: ${n + 1} of ${cases} cases followed up`);
  }
  await close(desk, ids, () => quiet(system, pool));
  await quiet(system, pool);
  const closed = await Promise.all(ids.map((id) => eventsOf(desk, id)));
  const counted: Counts = {
    eventsToResolved: Math.min(...resolved),
    eventsToFollowedUp: Math.min(...followed.map(({ length }) => length)),
    eventsToClosed: Math.min(...closed.map(({ length }) => length)),
    updatesPerCommand: Math.min(...followed.map((events) => events.filter((type) => type === UPDATE).length)) / shortCourse.length,
    transactionsPerCommand: median(transactions),
  };
  if (options.writeBaseline) writeFileSync(BASELINE, `${JSON.stringify(counted, null, 2)}\n`);
  const baseline = Counts.parse(JSON.parse(readFileSync(BASELINE, 'utf8')));
  return {
    name: 'history',
    title: 'What a case costs, counted',
    tables: [countsTable(counted, baseline), eventsTable(closed)],
    notes: [
      `The least of ${cases} cases, one after the other: received from a channel, ${named(shortCourse)}; then ${named(responsibility)}, and one investigation for all of them to its conclusion.`,
      'Write transactions are transaction ids that Postgres gave out while one command was under way (median).',
    ],
    comparisons: [],
    data: { counted, baseline, resolved, followed: followed.map(({ length }) => length), closed: closed.map(({ length }) => length) },
    grown: grown(counted, baseline),
  };
}

async function eventsOf(desk: Desk, id: string): Promise<string[]> {
  return History.parse(JSON.parse(await desk.get('aud', `/v1/complaints/${id}/history`))).events.map(({ eventType }) => eventType);
}

async function writes(pool: Pool, work: () => Promise<void>): Promise<number> {
  const before = await nextTransaction(pool);
  await work();
  return (await nextTransaction(pool)) - before;
}

async function nextTransaction(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next');
  return Number(rows[0]?.next);
}

function countsTable(counted: Counts, baseline: Counts) {
  return {
    head: ['counted', 'now', 'baseline'],
    rows: [
      ['history events to resolved', counted.eventsToResolved, baseline.eventsToResolved],
      ['history events to followed up', counted.eventsToFollowedUp, baseline.eventsToFollowedUp],
      ['history events to closed', counted.eventsToClosed, baseline.eventsToClosed],
      ['updates for a command', counted.updatesPerCommand, baseline.updatesPerCommand],
      ['write transactions for a command', counted.transactionsPerCommand, baseline.transactionsPerCommand],
    ],
  };
}

/** Which events they are, of the shortest history. */
function eventsTable(closed: readonly (readonly string[])[]) {
  const shortest = [...closed].sort((a, b) => a.length - b.length)[0] ?? [];
  const types = [...new Set(shortest)].map((type): Cell[] => [type.replace('EVENT_TYPE_', '').toLowerCase(), shortest.filter((one) => one === type).length]);
  return { head: ['in a history to closed', 'events'], rows: types };
}

function named(steps: readonly Step[]): string {
  return steps.map(({ path }) => path).join(', ');
}
