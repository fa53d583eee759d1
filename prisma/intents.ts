import type { Database } from './database.js';
import { inBatches } from './batch.js';
import { unflushed } from './flush.js';
import { intentOf, type Intent, type IntentColumns } from './intent.js';
import { isId } from './subject.js';
import { insertIntent, type Taking } from './taking.js';

export type { Intent, IntentKind, NewIntent } from './intent.js';

export type Taken = { taken: true; intent: Intent } | { taken: false; earlier: Intent };

/**
 * Writes an intent and its words in one statement, so one transaction. When its key was used before (also by a request that
 * is under way at this moment) nothing is written, and the earlier intent is the answer; the caller compares `bodyDigest`.
 * One that is still open counts the caller among its senders.
 */
export async function takeIntent(database: Database, taking: Taking): Promise<Taken> {
  const { keyDigest } = taking.intent;
  for (;;) {
    const intent = await insertIntent(database, taking);
    if (intent) return { taken: true, intent };
    const earlier = keyDigest === null ? null : await intentByKey(database, keyDigest);
    if (earlier?.state === 'done') return { taken: false, earlier };
    const again = earlier && (await sendAgain(database, earlier.id));
    if (again) return { taken: false, earlier: again };
    // the earlier one was done in between, or refused and dropped: then the key is free
  }
}

/** Counts one more sender of an open intent, before that one sends it: who is refused knows by that whether he was the only one. */
async function sendAgain({ query }: Pick<Database, 'query'>, id: string): Promise<Intent | null> {
  const [row] = await query<IntentColumns>`UPDATE intent SET attempts = attempts + 1 WHERE id = ${id} AND state <> 'done' RETURNING *`;
  return row ? intentOf(row) : null;
}

/**
 * Undoes `takeIntent` for a refused command: the intent, its words, and the key of an investigation it would have opened.
 * False, and nothing is touched, when it is done, caused an event, or is gone; or when it has had another sender, who may still be
 * heard, unless the engine has settled that it never will be (docs/decisions/0004).
 */
export async function dropIntent({ execute }: Database, id: string, settled = false): Promise<boolean> {
  const dropped = await execute`
    WITH dropped AS (
      DELETE FROM intent i WHERE i.id = ${id} AND i.state <> 'done' AND i.kind <> 'start' AND (i.attempts = 1 OR ${settled}::boolean)
        AND NOT EXISTS (SELECT FROM event e WHERE e.complaint = i.subject_id AND e.command = i.id)
        AND NOT EXISTS (SELECT FROM investigation_event e WHERE e.investigation = i.subject_id AND e.command = i.id)
      RETURNING i.id, i.opens),
    unsaid AS (DELETE FROM words w USING dropped WHERE w.intent = dropped.id),
    unkeyed AS (DELETE FROM vault_key k USING dropped WHERE k.owner = (dropped.opens->'row'->>'id')::uuid)
    SELECT id FROM dropped`;
  return dropped > 0;
}

/** Marks an intent done without events of its own: a start that runs, a signal that was sent. Lost, they are sent again for nothing. */
export async function finishIntent(database: Database, id: string, version: number | null = null): Promise<void> {
  await finished(database, { id, version });
}

const finished = inBatches<{ id: string; version: number | null }, null>(async ({ execute }, ends) => {
  const ids = ends.map(({ id }) => id);
  await execute`
    UPDATE intent i SET state = 'done', done_at = now(), version = coalesce(i.version, n.version)
    FROM jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) AS n(id text, version int)
    WHERE i.id = ANY(ARRAY(SELECT unnest(${ids}::text[]))) AND i.id = n.id AND i.state <> 'done'
    RETURNING ${unflushed}`;
  return ends.map(() => null);
}, { key: ({ id }) => id });

export async function intentById({ query }: Database, id: string): Promise<Intent | null> {
  const [row] = await query<IntentColumns>`SELECT * FROM intent WHERE id = ${id}`;
  return row ? intentOf(row) : null;
}

/** The intent that was written under a key (`vault.digest('idempotency', …)`). */
export async function intentByKey({ query }: Pick<Database, 'query'>, keyDigest: string): Promise<Intent | null> {
  const [row] = await query<IntentColumns>`SELECT * FROM intent WHERE key_digest = ${keyDigest}`;
  return row ? intentOf(row) : null;
}

/** The start of a case's workflow, done or not: what a command that meets "not found" on a living row runs first. */
export async function startOf({ query }: Database, subjectId: string): Promise<Intent | null> {
  if (!isId(subjectId)) return null;
  const [row] = await query<IntentColumns>`SELECT * FROM intent WHERE subject_id = ${subjectId}::uuid AND kind = 'start'`;
  return row ? intentOf(row) : null;
}
