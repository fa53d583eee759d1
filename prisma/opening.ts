import type { InvestigationEvent } from '../domain/investigation/event.js';
import { progress } from './cases.js';
import { investigationColumns } from './columns.js';
import type { Database } from './database.js';
import { intentOf, intentRow, type Intent, type IntentColumns, type NewIntent } from './intent.js';
import { intentByKey, type Taken } from './intents.js';
import type { SealedWords, Vault, Words, WrappedKey } from './vault.js';

/** An investigation that is ready to be written, at once (`openInvestigation`) or once a command is accepted (`takeIntent`). */
export interface NewInvestigation {
  id: string;
  key: WrappedKey;
  words: SealedWords[];
  /** rows as JSON: `investigation`, `investigation_event` and the start's `intent` */
  row: Record<string, unknown>;
  events: Record<string, unknown>[];
  start: Record<string, unknown>;
  /** further rows of `intent`: the `investigate` of each complaint it begins with; only of one that is written at once */
  links: Record<string, unknown>[];
}

export interface PlanInvestigation {
  /** random; the id of the investigation */
  id: string;
  /** decided by the domain: `opened`, and what else comes with it */
  events: InvestigationEvent[];
  /** title and the like, under the investigation's own key */
  words: Words[];
  openedBy: string;
  /** intent of the workflow's start; its key and body digest when the investigation is what was asked for */
  start: { id: string; keyDigest: string | null; bodyDigest: string | null; input: unknown };
  /** the `investigate` of each complaint it begins with; the version in the answer is then known only later (`answerOpening`) */
  links?: NewIntent[];
}

/** Prepares an investigation: a key of its own, sealed words, chained events, the start of its workflow. Writes nothing. */
export async function planInvestigation(vault: Vault, plan: PlanInvestigation): Promise<NewInvestigation> {
  const { id, events, words, openedBy, start, links = [] } = plan;
  const key = vault.newKey(id);
  const begun = progress('investigation', id, { head: 0, hash: null, state: null }, events);
  if (!begun) throw new TypeError('an investigation begins with an event');
  const intent = { ...start, kind: 'start' as const, subject: 'investigation' as const, subjectId: id, name: 'start', caller: openedBy, sent: start.input };
  return {
    id, key, words: await vault.seal(id, words, key),
    row: { ...investigationColumns(begun.state), id, head: begun.head, hash: begun.hash, opened_by: openedBy, history_wanted: false },
    events: begun.events,
    start: intentRow(intent, { version: links.length === 0 ? begun.head : null }),
    links: links.map((link) => intentRow(link)),
  };
}

/**
 * Writes a new investigation in one statement: key, words, row, events, start intent, and the intents that link its complaints.
 * When its key was used before, nothing.
 */
export async function openInvestigation(database: Database, opening: NewInvestigation, leaseMs: number): Promise<Taken> {
  const keyDigest = opening.start['key_digest'];
  for (;;) {
    const [taken] = await database.query<IntentColumns>`
      WITH taken AS (
        INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, opens, version, state, lease_until, created_at)
        SELECT id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, opens, version, state,
          now() + ${leaseMs}::int * interval '1 ms', now()
        FROM jsonb_populate_record(null::intent, ${JSON.stringify(opening.start)}::jsonb)
        ON CONFLICT (key_digest) DO NOTHING RETURNING *),
      keyed AS (
        INSERT INTO vault_key (owner, wrapped, created_at)
        SELECT k.owner, k.wrapped, now() FROM taken, jsonb_populate_record(null::vault_key, ${JSON.stringify(opening.key)}::jsonb) k),
      written AS (
        INSERT INTO words (ref, owner, sealed, intent)
        SELECT w.ref, w.owner, w.sealed, taken.id FROM taken, jsonb_populate_recordset(null::words, ${JSON.stringify(opening.words)}::jsonb) w),
      opened AS (
        INSERT INTO investigation SELECT n.* FROM taken, jsonb_populate_record(null::investigation, ${JSON.stringify(opening.row)}::jsonb) n),
      happened AS (
        INSERT INTO investigation_event SELECT e.* FROM taken, jsonb_populate_recordset(null::investigation_event, ${JSON.stringify(opening.events)}::jsonb) e),
      linking AS (
        INSERT INTO intent (id, kind, subject, subject_id, name, caller, sent, state, lease_until, created_at)
        SELECT l.id, l.kind, l.subject, l.subject_id, l.name, l.caller, l.sent, l.state, now() + ${leaseMs}::int * interval '1 ms', now()
        FROM taken, jsonb_populate_recordset(null::intent, ${JSON.stringify(opening.links)}::jsonb) l)
      SELECT * FROM taken`;
    if (taken) return { taken: true, intent: intentOf(taken) };
    const earlier = typeof keyDigest === 'string' ? await intentByKey(database, keyDigest) : null;
    if (earlier) return { taken: false, earlier };
  }
}

/** What is still to be done until an investigation has the complaints it began with: their `investigate`, and the `link` each brings. */
export async function openLinks({ query }: Database, investigation: string, complaints: readonly string[]): Promise<Intent[]> {
  const rows = await query<IntentColumns>`
    SELECT * FROM intent WHERE kind = 'command' AND state = 'open' AND (
      (subject_id = ANY(${complaints}::uuid[]) AND name = 'investigate' AND sent->'command'->'data'->>'investigation' = ${investigation})
      OR (subject_id = ${investigation}::uuid AND name = 'link'))`;
  return rows.map(intentOf);
}

/** Settles the version in the answer to an opening: the head of the record now, unless an earlier answer has settled it. */
export async function answerOpening({ query }: Database, start: string): Promise<number> {
  const [row] = await query<{ version: number }>`
    UPDATE intent i SET version = coalesce(i.version, n.head) FROM investigation n WHERE i.id = ${start} AND n.id = i.subject_id RETURNING i.version`;
  if (!row) throw new Error('an investigation that was opened has no start');
  return row.version;
}
