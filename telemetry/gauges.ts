import { Gauge, type Registry } from 'prom-client';
import { clockStandings } from '../domain/complaint/standing.js';
import { clockNames } from '../domain/sla/clock.js';
import { within } from '../engine/within.js';
import type { Database } from '../prisma/database.js';
import { standing, within as spans, type Standing } from '../prisma/gauges.js';

const KINDS = ['start', 'command', 'signal'] as const;
const AUDIENCES = ['customer', 'staff'] as const;
/** So often at most is the database asked, however often somebody scrapes; less often where the answer takes long. */
const EVERY_MS = 15_000;
const TIMES_AS_LONG = 100;
/** And so often at least, however long it takes: numbers are not to be older. */
const LEAST_OFTEN_MS = 120_000;

/**
 * What stands open in the database, as every process that is scraped tells it: the same numbers from each, so a query takes the
 * `max` of them. Answers how to bring them up to date; when the database does not answer they are not there, rather than old.
 */
export function openGauges(registry: Registry, database: Database, everyMs = EVERY_MS): () => Promise<void> {
  const gauges = createGauges(registry);
  const pool = new Gauge({ name: 'threefold_database_pool', help: 'Connections to the database, and callers that wait for one.', labelNames: ['state'], registers: [registry] });
  const up = new Gauge({ name: 'threefold_database_up', help: '1 when the database answered the last time these gauges were read.', registers: [registry] });
  let next = -Infinity;
  let asking = Promise.resolve();

  async function read(): Promise<void> {
    const began = performance.now();
    next = Infinity;
    // what failed was no work for the database, and is not to be believed for longer than it lasts
    let times = 1;
    try {
      const found = await standing(database);
      clear(gauges);
      show(gauges, found);
      up.set(1);
      times = TIMES_AS_LONG;
    } catch {
      clear(gauges);
      up.set(0);
    }
    const took = performance.now() - began;
    next = began + Math.max(everyMs, took, Math.min(took * times, LEAST_OFTEN_MS));
  }

  return async () => {
    for (const [state, count] of Object.entries(database.pool())) pool.set({ state }, count);
    if (performance.now() >= next) asking = read();
    // a database that hangs must not keep the rest from being told
    if (!(await within(PATIENCE_MS, asking))) {
      clear(gauges);
      up.set(0);
    }
  };
}

const PATIENCE_MS = 3000;

type Gauges = ReturnType<typeof createGauges>;

function createGauges(registry: Registry) {
  const registers = [registry];
  return {
    clocks: new Gauge({ name: 'threefold_clocks', help: 'Clocks of living cases that have not ended.', labelNames: ['clock', 'state'], registers }),
    due: new Gauge({ name: 'threefold_cases_due', help: 'Living cases by when their next clock is due.', labelNames: ['within'], registers }),
    intents: new Gauge({ name: 'threefold_intents_open', help: 'Intents whose outcome is not recorded yet.', labelNames: ['kind'], registers }),
    intentsOldest: new Gauge({ name: 'threefold_intents_oldest_seconds', help: 'How long the oldest of them has waited.', labelNames: ['kind'], registers }),
    deliveries: new Gauge({ name: 'threefold_deliveries_pending', help: 'What is still to be told.', labelNames: ['audience'], registers }),
    deliveriesOldest: new Gauge({ name: 'threefold_deliveries_oldest_seconds', help: 'How long the oldest of it has waited.', labelNames: ['audience'], registers }),
  };
}

function clear(gauges: Gauges): void {
  for (const gauge of Object.values(gauges)) gauge.reset();
}

/** Every label of the fixed lists has a value, so that a graph falls to zero and does not end. */
function show(gauges: Gauges, { clocks, due, intents, deliveries }: Standing): void {
  for (const kind of KINDS) {
    const found = intents.find((one) => one.kind === kind);
    gauges.intents.set({ kind }, found?.open ?? 0);
    gauges.intentsOldest.set({ kind }, found?.oldest ?? 0);
  }
  for (const audience of AUDIENCES) {
    const found = deliveries.find((one) => one.audience === audience);
    gauges.deliveries.set({ audience }, found?.pending ?? 0);
    gauges.deliveriesOldest.set({ audience }, found?.oldest ?? 0);
  }
  for (const one of spans) gauges.due.set({ within: one }, due[one]);
  const counted = countClocks(clocks);
  for (const clock of clockNames) {
    for (const state of clockStandings) gauges.clocks.set({ clock, state }, counted.get(`${clock}:${state}`) ?? 0);
  }
}

function countClocks(found: Standing['clocks']): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { clocks, cases } of found) {
    for (const clock of clocks.split(' ')) counts.set(clock, (counts.get(clock) ?? 0) + cases);
  }
  return counts;
}
