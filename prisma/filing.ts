import { inBatches } from './batch.js';
import type { ComplaintRow } from './complaints.js';
import type { Customer } from './customers.js';
import type { Database, Query } from './database.js';
import { Prisma } from './generated/client.js';
import { createdOf, intentRow, type Intent, type NewIntent } from './intent.js';

/** An intake that is ready to be written: rows as JSON, named as the columns are. */
export interface PreparedIntake {
  customer: Customer;
  row: ComplaintRow;
  trackingCode: string;
  leaseMs: number;
  intent: NewIntent;
  words: object[];
  complaint: Record<string, unknown>;
  events: Record<string, unknown>[];
  deliveries: object[];
}

/** Somebody else corrected the customer in between: look again. */
export class CustomerChanged extends Error {}

/**
 * Writes all of an intake, or, when its key was used before, nothing; null then. Many at once go in one statement. What a customer has
 * become depends on what was read: such an intake goes alone, and a correction in between takes all of it back (`CustomerChanged`).
 */
export function writeFiling(database: Database, filing: PreparedIntake): Promise<Intent | null> {
  if (!filing.customer.changed) return written(database, filing);
  return database.transaction(async (query) => {
    const [intent] = await insert(query, [filing], correctionOf(filing));
    return intent ?? null;
  });
}

/**
 * Each statement prepares seven tables for writing, however little it writes: in a rush, fewer of them take more complaints in
 * (docs/performance.md).
 */
const written = inBatches<PreparedIntake, Intent | null>(({ query }, filings) => insert(query, filings), { onlyForMs: 25 });

async function insert(query: Query, filings: PreparedIntake[], correction = nothing): Promise<(Intent | null)[]> {
  const parts = partsOf(filings);
  const taken = await query<{ id: string; created_at: Date; changes: number }>`
    WITH taken AS (
      INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state, lease_until, created_at)
      SELECT id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state, now() + lease_ms * interval '1 ms', now()
      FROM jsonb_to_recordset(${parts.intents}::jsonb) AS n(id text, kind text, subject text, subject_id uuid, name text, caller text,
        key_digest text, body_digest text, sent jsonb, version int, state text, lease_ms int)
      ORDER BY key_digest
      ON CONFLICT (key_digest) DO NOTHING RETURNING id, subject_id, created_at),
    keyed AS (
      INSERT INTO vault_key (owner, wrapped, created_at)
      SELECT k.owner, k.wrapped, now() FROM taken JOIN jsonb_to_recordset(${parts.keys}::jsonb) AS k(owner uuid, wrapped bytea, filing text)
        ON k.filing = taken.id),
    written AS (
      INSERT INTO words (ref, owner, sealed, intent)
      SELECT w.ref, w.owner, w.sealed, w.intent
      FROM taken JOIN jsonb_to_recordset(${parts.words}::jsonb) AS w(ref uuid, owner uuid, sealed bytea, intent text, filing text)
        ON w.filing = taken.id),
    met AS (
      INSERT INTO customer (id, key_digest, phone_digest, email_digest, identity, revision, created_at)
      SELECT c.id, c.key_digest, c.phone_digest, c.email_digest, c.identity, c.revision, now()
      FROM taken JOIN jsonb_to_recordset(${parts.customers}::jsonb) AS c(id uuid, key_digest text, phone_digest text, email_digest text,
        identity uuid, revision int, filing text) ON c.filing = taken.id),
    ${correction.made}
    filed AS (
      INSERT INTO complaint SELECT c.* FROM taken JOIN jsonb_populate_recordset(null::complaint, ${parts.complaints}::jsonb) c ON c.id = taken.subject_id),
    happened AS (
      INSERT INTO event SELECT e.* FROM taken JOIN jsonb_populate_recordset(null::event, ${parts.events}::jsonb) e ON e.complaint = taken.subject_id),
    told AS (
      INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, ref, state, created_at)
      SELECT d.id, d.subject, d.complaint, d.seq, d.kind, d.audience, d.recipient, d.ref, d.state, now()
      FROM taken JOIN jsonb_populate_recordset(null::delivery, ${parts.deliveries}::jsonb) d ON d.complaint = taken.subject_id
      ON CONFLICT DO NOTHING)
    SELECT id, created_at, ${correction.counted} AS changes FROM taken`;
  const rows = new Map(taken.map((row) => [row.id, row]));
  return filings.map(({ intent, row: { head }, customer: { changed } }) => {
    const row = rows.get(intent.id);
    if (row && row.changes !== (changed ? 1 : 0)) throw new CustomerChanged();
    return row ? createdOf(intent, row, head) : null;
  });
}

/** What is written besides: before the complaint, which points to its customer. */
interface Correction {
  made: Prisma.Sql;
  /** how many customers were corrected */
  counted: Prisma.Sql;
}

const nothing: Correction = { made: Prisma.empty, counted: Prisma.sql`0` };

/** What a filing has said anew of its customer, unless somebody else has since it was read. Most say nothing, and carry none of it. */
function correctionOf({ customer: { changed } }: PreparedIntake): Correction {
  if (!changed) return nothing;
  const { id, revision, key_digest, phone_digest, email_digest, sealed } = changed;
  const made = Prisma.sql`
    changed AS (
      UPDATE customer c SET key_digest = ${key_digest}, phone_digest = ${phone_digest}, email_digest = ${email_digest}, revision = c.revision + 1
      FROM taken WHERE c.id = ${id}::uuid AND c.revision = ${revision}::int RETURNING c.identity),
    rewritten AS (UPDATE words w SET sealed = ${sealed}::bytea FROM changed WHERE w.ref = changed.identity),`;
  return { made, counted: Prisma.sql`(SELECT count(*)::int FROM changed)` };
}

/** Everything of each kind as one text of JSON; what does not name its complaint names its filing. */
function partsOf(filings: PreparedIntake[]) {
  const all = (part: (filing: PreparedIntake) => object[]) => JSON.stringify(filings.flatMap(part));
  const named = (part: (filing: PreparedIntake) => object[]) =>
    all((filing) => part(filing).map((one) => ({ filing: filing.intent.id, ...one })));
  return {
    intents: all(({ intent, row, leaseMs }) => [{ lease_ms: leaseMs, ...intentRow(intent, { version: row.head }) }]),
    keys: named(({ customer: { created } }) => (created ? [created.key] : [])),
    words: named(({ words }) => words),
    customers: named(({ customer: { created } }) => (created ? [created.row] : [])),
    complaints: all(({ complaint }) => [complaint]),
    events: all(({ events }) => events),
    deliveries: all(({ deliveries }) => deliveries),
  };
}
