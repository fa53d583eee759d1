import { isDatabaseAway } from './away.js';
import type { Database } from './database.js';

/** What an item may not share a statement with. */
export interface Together<In> {
  /** no two of one key go together: the second has to see what the first has done */
  key?: (item: In) => string;
  /** goes by itself */
  alone?: (item: In) => boolean;
}

interface Waiting<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

/** Statements of one kind under way at once: while they are, what comes in is gathered for the next. */
const FLIGHTS = 2;
/** Items in one statement at most. */
const MOST = 32;

/**
 * Does what several callers want of the database at one moment in one statement, and so in one transaction and one write to the
 * disc. Nobody waits for company: who comes alone goes alone. A batch that fails is done again one by one, so that nobody's fault is
 * another's; one that met no database fails as a whole.
 * `run` answers each item, in their order, and does each of them whole or not at all.
 */
export function inBatches<In, Out>(
  run: (database: Database, items: In[]) => Promise<Out[]>,
  together: Together<In> = {},
): (database: Database, item: In) => Promise<Out> {
  const queues = new WeakMap<Database, { waiting: Waiting<In, Out>[]; flights: number }>();

  function next(database: Database): void {
    const queue = queues.get(database);
    if (!queue || queue.flights >= FLIGHTS || queue.waiting.length === 0) return;
    const { batch, rest } = gathered(queue.waiting, together);
    queue.waiting = rest;
    queue.flights += 1;
    void fly(database, batch).finally(() => {
      queue.flights -= 1;
      next(database);
    });
    next(database);
  }

  async function fly(database: Database, batch: Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await run(database, batch.map(({ item }) => item));
      if (answers.length !== batch.length) throw new Error('a batch was not answered item by item');
      for (const [i, answer] of answers.entries()) batch[i]?.resolve(answer);
    } catch (error) {
      if (batch.length === 1 || isDatabaseAway(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await fly(database, [one]);
    }
  }

  return (database, item) =>
    new Promise<Out>((resolve, reject) => {
      const queue = queues.get(database) ?? { waiting: [], flights: 0 };
      queues.set(database, queue);
      queue.waiting.push({ item, resolve, reject });
      // what is asked for in the same turn goes together
      if (queue.waiting.length === 1) setImmediate(next, database);
      else if (queue.waiting.length >= MOST) next(database);
    });
}

interface Gathered<In, Out> {
  batch: Waiting<In, Out>[];
  rest: Waiting<In, Out>[];
}

/** The first that waits, and those after it that may go with it. */
function gathered<In, Out>(waiting: Waiting<In, Out>[], { key, alone = () => false }: Together<In>): Gathered<In, Out> {
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
