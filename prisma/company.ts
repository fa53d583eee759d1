import type { Database } from './database.js';

/**
 * Those who are on their way to a statement of one kind, by database: who comes first may wait for some of them. One that hangs on its way
 * counts too. Who comes without having been announced makes others wait for nobody, but goes with them.
 */
export interface Company {
  /** Counts one more on the way until `work` is done, with the statement or without it. */
  bring<T>(database: Database, work: () => Promise<T>): Promise<T>;
  /** how many are on their way, those who wait for the statement or have it under way among them */
  coming(database: Database): number;
}

/** One for each kind of statement. Nobody is on the way yet, to any database. */
export function createCompany(): Company {
  const coming = new WeakMap<Database, number>();
  const add = (database: Database, more: number): unknown => coming.set(database, (coming.get(database) ?? 0) + more);
  return {
    async bring(database, work) {
      add(database, 1);
      try {
        return await work();
      } finally {
        add(database, -1);
      }
    },
    coming: (database) => coming.get(database) ?? 0,
  };
}
