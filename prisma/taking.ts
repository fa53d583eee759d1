import { inBatches } from './batch.js';
import { createdOf, intentRow, type Intent, type NewIntent } from './intent.js';
import type { NewInvestigation } from './opening.js';
import type { SealedWords } from './vault.js';

/** An intent on its way into the database, with what it owns. */
export interface Taking {
  intent: NewIntent;
  /** what `vault.seal` answered */
  words: SealedWords[];
  /** an investigation that comes into being if the command is accepted (`investigate` with a title) */
  opens?: NewInvestigation | null;
  /** how long a sweeper leaves it to the caller */
  leaseMs: number;
}

/** Writes intents and their words, many at once in one statement. Null, and nothing of it is written, where a key was used before. */
export const insertIntent = inBatches<Taking, Intent | null>(async ({ query }, takings) => {
  const intents = takings.map(({ intent, opens, leaseMs }) => ({
    lease_ms: leaseMs,
    ...intentRow(intent, { opens: opens && { row: opens.row, events: opens.events, start: opens.start } }),
  }));
  const keys = takings.flatMap(({ intent, opens }) => (opens ? [{ intent: intent.id, ...opens.key }] : []));
  const words = takings.flatMap(({ intent, words: own, opens }) =>
    [...own, ...(opens?.words ?? [])].map((one) => ({ intent: intent.id, ...one })));
  const taken = await query<{ id: string; created_at: Date }>`
    WITH taken AS (
      INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, opens, version, state, lease_until, created_at)
      SELECT id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, opens, version, state, now() + lease_ms * interval '1 ms', now()
      FROM jsonb_to_recordset(${JSON.stringify(intents)}::jsonb) AS n(id text, kind text, subject text, subject_id uuid, name text, caller text,
        key_digest text, body_digest text, sent jsonb, opens jsonb, version int, state text, lease_ms int)
      ORDER BY key_digest
      ON CONFLICT (key_digest) DO NOTHING RETURNING id, created_at),
    keyed AS (
      INSERT INTO vault_key (owner, wrapped, created_at)
      SELECT k.owner, k.wrapped, now() FROM taken JOIN jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS k(owner uuid, wrapped bytea, intent text)
        ON k.intent = taken.id),
    written AS (
      INSERT INTO words (ref, owner, sealed, intent)
      SELECT w.ref, w.owner, w.sealed, taken.id
      FROM taken JOIN jsonb_populate_recordset(null::words, ${JSON.stringify(words)}::jsonb) w ON w.intent = taken.id)
    SELECT id, created_at FROM taken`;
  const written = new Map(taken.map((row) => [row.id, row]));
  return takings.map(({ intent }) => {
    const row = written.get(intent.id);
    return row ? createdOf(intent, row) : null;
  });
});
