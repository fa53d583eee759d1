import type { Instant } from '../domain/time.js';
import type { Database } from './database.js';
import { intentOf, intentRow, type Intent, type IntentColumns, type IntentKind, type NewIntent } from './intent.js';
import type { NewInvestigation } from './opening.js';
import { isId } from './subject.js';
import type { SealedWords } from './vault.js';

export type { Intent, IntentKind, NewIntent } from './intent.js';

export type Taken = { taken: true; intent: Intent } | { taken: false; earlier: Intent };

export interface TakeIntent {
  intent: NewIntent;
  /** what `vault.seal` answered */
  words: SealedWords[];
  /** an investigation that comes into being if the command is accepted (`investigate` with a title) */
  opens?: NewInvestigation | null;
  /** how long a sweeper leaves it to the caller */
  leaseMs: number;
}

/**
 * Writes an intent and its words in one statement, so one transaction. When its key was used before (also by a request that
 * is under way at this moment) nothing is written, and the earlier intent is the answer; the caller compares `bodyDigest`.
 */
export async function takeIntent({ client }: Database, { intent, words, opens = null, leaseMs }: TakeIntent): Promise<Taken> {
  const row = intentRow(intent, { opens: opens && { row: opens.row, events: opens.events, start: opens.start } });
  const sealed = [...words, ...(opens?.words ?? [])];
  for (;;) {
    const [taken] = await client.$queryRaw<IntentColumns[]>`
      WITH taken AS (
        INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, opens, version, state, lease_until, created_at)
        SELECT id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, opens, version, state,
          now() + ${leaseMs}::int * interval '1 ms', now()
        FROM jsonb_populate_record(null::intent, ${JSON.stringify(row)}::jsonb)
        ON CONFLICT (key_digest) DO NOTHING RETURNING *),
      keyed AS (
        INSERT INTO vault_key (owner, wrapped, created_at)
        SELECT k.owner, k.wrapped, now() FROM taken, jsonb_populate_recordset(null::vault_key, ${JSON.stringify(opens ? [opens.key] : [])}::jsonb) k),
      written AS (
        INSERT INTO words (ref, owner, sealed, intent)
        SELECT w.ref, w.owner, w.sealed, taken.id FROM taken, jsonb_populate_recordset(null::words, ${JSON.stringify(sealed)}::jsonb) w)
      SELECT * FROM taken`;
    if (taken) return { taken: true, intent: intentOf(taken) };
    const earlier = intent.keyDigest === null ? null : await intentByKey({ client }, intent.keyDigest);
    if (earlier) return { taken: false, earlier };
    // the earlier one was refused and dropped in between: now the key is free
  }
}

/**
 * Undoes `takeIntent` for a refused command: the intent, its words, and the key of an investigation it would have opened.
 * False, and nothing is touched, when it is done, caused an event, or is gone.
 */
export async function dropIntent({ client }: Database, id: string): Promise<boolean> {
  const dropped = await client.$executeRaw`
    WITH dropped AS (
      DELETE FROM intent i WHERE i.id = ${id} AND i.state = 'open' AND i.kind <> 'start'
        AND NOT EXISTS (SELECT FROM event e WHERE e.complaint = i.subject_id AND e.command = i.id)
        AND NOT EXISTS (SELECT FROM investigation_event e WHERE e.investigation = i.subject_id AND e.command = i.id)
      RETURNING i.id, i.opens),
    unsaid AS (DELETE FROM words w USING dropped WHERE w.intent = dropped.id),
    unkeyed AS (DELETE FROM vault_key k USING dropped WHERE k.owner = (dropped.opens->'row'->>'id')::uuid)
    SELECT id FROM dropped`;
  return dropped > 0;
}

/** Marks an intent done without events of its own: a start that runs, a signal that was sent. */
export async function finishIntent({ client }: Database, id: string, version: number | null = null): Promise<void> {
  await client.$executeRaw`
    UPDATE intent SET state = 'done', done_at = now(), version = coalesce(version, ${version}::int) WHERE id = ${id} AND state = 'open'`;
}

/** Open intents whose lease has run out, oldest lease first, leased to the caller for `leaseMs`. No two sweepers get the same. */
export async function claimOpenIntents(
  { client }: Database, limit: number, leaseMs: number, kinds: IntentKind[] = ['start', 'command', 'signal'],
): Promise<Intent[]> {
  const rows = await client.$queryRaw<IntentColumns[]>`
    WITH due AS MATERIALIZED (
      SELECT id FROM intent WHERE state = 'open' AND lease_until <= now() AND kind = ANY(${kinds}::text[])
      ORDER BY lease_until LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)
    UPDATE intent i SET lease_until = now() + ${leaseMs}::int * interval '1 ms' FROM due WHERE i.id = due.id
    RETURNING i.*`;
  return rows.map(intentOf).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

export async function intentById({ client }: Database, id: string): Promise<Intent | null> {
  const [row] = await client.$queryRaw<IntentColumns[]>`SELECT * FROM intent WHERE id = ${id}`;
  return row ? intentOf(row) : null;
}

/** The intent that was written under a key (`vault.digest('idempotency', …)`). */
export async function intentByKey({ client }: Pick<Database, 'client'>, keyDigest: string): Promise<Intent | null> {
  const [row] = await client.$queryRaw<IntentColumns[]>`SELECT * FROM intent WHERE key_digest = ${keyDigest}`;
  return row ? intentOf(row) : null;
}

/** The start of a case's workflow, done or not: what a command that meets "not found" on a living row runs first. */
export async function startOf({ client }: Database, subjectId: string): Promise<Intent | null> {
  if (!isId(subjectId)) return null;
  const [row] = await client.$queryRaw<IntentColumns[]>`SELECT * FROM intent WHERE subject_id = ${subjectId}::uuid AND kind = 'start'`;
  return row ? intentOf(row) : null;
}

/** How many intents are open, and since when the oldest: the backlog. */
export async function backlog({ client }: Database): Promise<{ open: number; oldest: Instant | null }> {
  const [row] = await client.$queryRaw<{ open: number; oldest: Date | null }[]>`
    SELECT count(*)::int AS open, min(created_at) AS oldest FROM intent WHERE state = 'open'`;
  return { open: row?.open ?? 0, oldest: row?.oldest?.toISOString() ?? null };
}
