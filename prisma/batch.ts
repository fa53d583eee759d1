import { AsyncResource } from 'node:async_hooks';
import { isDatabaseAway } from './away.js';
import type { Company } from './company.js';
import type { Database } from './database.js';

/** What an item may not share a statement with. */
export interface Together<In> {
  /** no two of one key go together: the second has to see what the first has done */
  key?: (item: In) => string;
  /** goes by itself */
  alone?: (item: In) => boolean;
  /**
   * How long one statement is the only one under way: meanwhile everybody gathers for the next. For what costs much by the statement;
   * unless told, two are under way at once.
   */
  onlyForMs?: number;
  /**
   * Half of those who are on their way go together, unless that keeps the first waiting for longer, or one of them goes alone: looked at
   * when somebody comes and when a statement has ended. Unless told, nobody waits.
   */
  company?: { of: Company; waitMs: number };
}

interface Waiting<In, Out> {
  item: In;
  /** when it came, in milliseconds of the process */
  since: number;
  /** what it belongs to, for traces and logs */
  scope: AsyncResource;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

interface Queue<In, Out> {
  waiting: Waiting<In, Out>[];
  /** when each of the statements under way began, in milliseconds of the process */
  flights: Set<{ began: number }>;
  /** looks again at whether the next may go */
  timer: NodeJS.Timeout | null;
}

/** Statements of one kind under way at once, at most: while they are, what comes in is gathered for the next. */
const FLIGHTS = 2;
/** With so long in the queue and a statement's own timeout, an answer still comes within what a request may take. */
const TIRED_MS = 5_000;
/** Items in one statement at most. */
const MOST = 32;

/**
 * Does what several callers want of the database at one moment in one statement: of writes, one transaction and one write to the
 * disc. Nobody who comes alone waits for company. A batch that fails is done again one by one, so that nobody's fault is
 * another's; one that met no database fails as a whole, and with it, where the database hangs, what has queued behind it.
 * `run` answers each item, in their order, and does each of them whole or not at all.
 */
export function inBatches<In, Out>(
  run: (database: Database, items: In[]) => Promise<Out[]>,
  together: Together<In> = {},
): (database: Database, item: In) => Promise<Out> {
  const { key, alone = () => false, onlyForMs = 0, company } = together;
  const queues = new WeakMap<Database, Queue<In, Out>>();

  function next(database: Database): void {
    const queue = queues.get(database);
    if (!queue || queue.flights.size >= FLIGHTS || queue.waiting.length === 0) return;
    const wait = queue.waiting.length < MOST ? Math.max(whileOnly(queue), forCompany(database, queue)) : 0;
    if (wait > 0) {
      // whoever is late holds nobody up
      queue.timer ??= setTimeout(() => {
        queue.timer = null;
        next(database);
      }, Math.ceil(wait));
      return;
    }
    const { batch, rest } = gathered(queue.waiting, { key, alone });
    queue.waiting = rest;
    const underWay = { began: performance.now() };
    queue.flights.add(underWay);
    const flight = batch[0]?.scope.runInAsyncScope(fly, null, database, batch) ?? Promise.resolve(null);
    void flight.then((away) => {
      queue.flights.delete(underWay);
      if (away !== null) queue.waiting = withoutTired(queue.waiting, away);
      // once those who have been answered are on their way no longer
      if (company) setImmediate(next, database);
      else next(database);
    });
    next(database);
  }

  /** For how many milliseconds the one statement under way stays the only one. */
  function whileOnly({ flights: [only] }: Queue<In, Out>): number {
    return only ? only.began + onlyForMs - performance.now() : 0;
  }

  /** How many milliseconds more the first waits for company. */
  function forCompany(database: Database, { waiting }: Queue<In, Out>): number {
    const [first] = waiting;
    if (!company || !first || waiting.some(({ item }) => alone(item))) return 0;
    if (waiting.length >= Math.floor(company.of.coming(database) / 2)) return 0;
    return first.since + company.waitMs - performance.now();
  }

  /** Answers the error of a database that is away; null when each had its own answer. */
  async function fly(database: Database, batch: Waiting<In, Out>[]): Promise<Error | null> {
    try {
      const answers = await run(database, batch.map(({ item }) => item));
      if (answers.length !== batch.length) throw new Error('a batch was not answered item by item');
      for (const [i, answer] of answers.entries()) batch[i]?.resolve(answer);
    } catch (error) {
      const away = isDatabaseAway(error) && error instanceof Error ? error : null;
      if (away === null && batch.length > 1) for (const one of batch) await fly(database, [one]);
      else for (const { reject } of batch) reject(error);
      return away;
    }
    return null;
  }

  return (database, item) =>
    new Promise<Out>((resolve, reject) => {
      const queue = queues.get(database) ?? { waiting: [], flights: new Set(), timer: null };
      queues.set(database, queue);
      queue.waiting.push({ item, since: performance.now(), scope: new AsyncResource('batch'), resolve, reject });
      // what is asked for in the same turn goes together
      if (queue.waiting.length === 1 || company) setImmediate(next, database);
      else if (queue.waiting.length >= MOST) next(database);
    });
}

/** Fails what has queued for long behind a database that hangs; the rest may meet it again. */
function withoutTired<In, Out>(waiting: Waiting<In, Out>[], away: Error): Waiting<In, Out>[] {
  // one moment for all: who is left out must have been told
  const tired = performance.now() - TIRED_MS;
  for (const { since, reject } of waiting) if (since < tired) reject(away);
  return waiting.filter(({ since }) => since >= tired);
}

interface Gathered<In, Out> {
  batch: Waiting<In, Out>[];
  rest: Waiting<In, Out>[];
}

/** The first that waits, and those after it that may go with it. */
function gathered<In, Out>(waiting: Waiting<In, Out>[], { key, alone }: Pick<Together<In>, 'key'> & { alone: (item: In) => boolean }): Gathered<In, Out> {
  const batch: Waiting<In, Out>[] = [];
  const rest: Waiting<In, Out>[] = [];
  const keys = new Set<string>();
  const isFull = (): boolean => batch.length >= MOST || (batch[0] !== undefined && alone(batch[0].item));
  for (const one of waiting) {
    const its = key?.(one.item);
    const fits = batch.length === 0 || !(isFull() || alone(one.item) || (its !== undefined && keys.has(its)));
    (fits ? batch : rest).push(one);
    if (fits && its !== undefined) keys.add(its);
  }
  return { batch, rest };
}
