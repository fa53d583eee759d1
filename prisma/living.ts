import type { Database } from './database.js';
import type { Subject } from './subject.js';

/**
 * Ids of cases whose workflow has been started at least `settledMs` ago and should still run, from the one after `after`: complaints
 * that are not closed, and every investigation, for those go on after their conclusion.
 */
export async function livingCases(
  { query }: Database, subject: Subject, { after, limit, settledMs }: { after: string | null; limit: number; settledMs: number },
): Promise<string[]> {
  const from = after ?? '00000000-0000-0000-0000-000000000000';
  const rows = subject === 'complaint'
    ? await query<{ id: string }>`
        SELECT c.id FROM complaint c WHERE c.status <> 'closed' AND c.id > ${from}::uuid AND EXISTS (
          SELECT FROM intent i WHERE i.subject_id = c.id AND i.kind = 'start' AND i.state = 'done' AND i.done_at <= now() - ${settledMs}::int * interval '1 ms')
        ORDER BY c.id LIMIT ${limit}::int`
    : await query<{ id: string }>`
        SELECT v.id FROM investigation v WHERE v.id > ${from}::uuid AND EXISTS (
          SELECT FROM intent i WHERE i.subject_id = v.id AND i.kind = 'start' AND i.state = 'done' AND i.done_at <= now() - ${settledMs}::int * interval '1 ms')
        ORDER BY v.id LIMIT ${limit}::int`;
  return rows.map(({ id }) => id);
}

/** Whether a case, looked at again, should still run. */
export async function isLiving({ query }: Database, subject: Subject, id: string): Promise<boolean> {
  const rows = subject === 'complaint'
    ? await query<{ id: string }>`SELECT id FROM complaint WHERE id = ${id}::uuid AND status <> 'closed'`
    : await query<{ id: string }>`SELECT id FROM investigation WHERE id = ${id}::uuid`;
  return rows.length > 0;
}

/** Which of these ids have no row at all. */
export async function withoutRow({ query }: Database, subject: Subject, ids: readonly string[]): Promise<string[]> {
  const rows = subject === 'complaint'
    ? await query<{ id: string }>`SELECT a.id FROM unnest(${[...ids]}::uuid[]) AS a(id) WHERE NOT EXISTS (SELECT FROM complaint c WHERE c.id = a.id)`
    : await query<{ id: string }>`SELECT a.id FROM unnest(${[...ids]}::uuid[]) AS a(id) WHERE NOT EXISTS (SELECT FROM investigation v WHERE v.id = a.id)`;
  return rows.map(({ id }) => id);
}
