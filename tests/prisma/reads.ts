import type { Database } from '../../prisma/database.js';
import { place, type Place } from './given.js';

/**
 * A place with one connection, whose statements are counted, and keep their plans. There is no other: it would tell Postgres up to ten
 * seconds later what it has read, in the middle of somebody's count.
 */
export function countedPlace(): Promise<Place> {
  return place(undefined, undefined, 1);
}

/** What statements have read of a table: how often it was gone through as a whole, and how many entries of its indexes. */
export interface Reads {
  scans: number;
  entries: number;
}

/** What `work` reads of a table on a place's one connection, as Postgres itself counts it. */
export async function readsOf({ query }: Database, table: string, work: () => Promise<unknown>): Promise<Reads> {
  const read = async (): Promise<Reads> => {
    await query`SELECT pg_stat_force_next_flush()`;
    const [row] = await query<{ scans: string; entries: string }>`
      SELECT seq_scan AS scans, (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid) AS entries
      FROM pg_stat_user_tables t WHERE relname = ${table}`;
    return { scans: Number(row?.scans), entries: Number(row?.entries) };
  };
  const before = await read();
  await work();
  const after = await read();
  return { scans: after.scans - before.scans, entries: after.entries - before.entries };
}
