import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Database } from './database.js';
import { isId, type Subject } from './subject.js';

/** A case that has ended, whose Temporal history is not stored yet. */
export interface Wanted {
  subject: Subject;
  id: string;
}

/**
 * Ended cases without a stored history, longest ended first, but for those named. They stay on the list until `storeHistory`: a run
 * may not have ended yet.
 */
export async function historiesWanted({ query }: Database, limit: number, but: readonly string[] = []): Promise<Wanted[]> {
  return query<Wanted>`
    SELECT subject, id FROM (
      SELECT 'complaint' AS subject, id, closed_at AS ended FROM complaint WHERE history_wanted
      UNION ALL SELECT 'investigation', id, concluded_at FROM investigation WHERE history_wanted) w
    WHERE id <> ALL(${[...but]}::uuid[]) ORDER BY ended LIMIT ${limit}::int`;
}

/** Keeps a history, Temporal's own JSON form (`{events: […]}`), of `events` events. Storing it again replaces it. */
export async function storeHistory({ execute }: Database, history: Wanted & { json: string; events: number }): Promise<void> {
  const { subject, id, json, events } = history;
  const packed = await promisify(gzip)(json);
  await execute`
    WITH stored AS (
      INSERT INTO history (subject, id, json_gzip, events, stored_at) VALUES (${subject}, ${id}::uuid, ${packed}, ${events}::int, now())
      ON CONFLICT (subject, id) DO UPDATE SET json_gzip = excluded.json_gzip, events = excluded.events, stored_at = excluded.stored_at RETURNING id),
    complaints AS (UPDATE complaint c SET history_wanted = false FROM stored WHERE c.id = stored.id AND ${subject} = 'complaint')
    UPDATE investigation i SET history_wanted = false FROM stored WHERE i.id = stored.id AND ${subject} = 'investigation'`;
}

/** The stored history as JSON; null when there is none. */
export async function storedHistory({ query }: Database, subject: Subject, id: string): Promise<string | null> {
  if (!isId(id)) return null;
  const [row] = await query<{ json_gzip: Uint8Array }>`SELECT json_gzip FROM history WHERE subject = ${subject} AND id = ${id}::uuid`;
  return row ? (await promisify(gunzip)(row.json_gzip)).toString('utf8') : null;
}
