import type { ComplaintRow } from './complaints.js';
import type { Customer } from './customers.js';
import type { Database } from './database.js';
import type { PrismaClient } from './generated/client.js';
import { intentOf, type Intent, type IntentColumns } from './intent.js';

/** An intake that is ready to be written: rows as JSON, named as the columns are. */
export interface PreparedIntake {
  customer: Customer;
  row: ComplaintRow;
  trackingCode: string;
  leaseMs: number;
  intent: Record<string, unknown>;
  words: object[];
  complaint: Record<string, unknown>;
  events: Record<string, unknown>[];
  deliveries: object[];
}

/** Somebody else corrected the customer in between: look again. */
export class CustomerChanged extends Error {}

/** Writes all of an intake, or, when its key was used before, nothing; null then. One statement, and so one transaction. */
export async function writeFiling({ client }: Database, filing: PreparedIntake): Promise<Intent | null> {
  if (!filing.customer.changed) return insert(client, filing);
  // What a customer has become depends on what was read; a correction in between takes all of it back.
  return client.$transaction((transaction) => insert(transaction, filing));
}

async function insert(client: Pick<PrismaClient, '$queryRaw'>, { customer, leaseMs, intent, words, complaint, events, deliveries }: PreparedIntake): Promise<Intent | null> {
  const { created, changed } = customer;
  const [taken] = await client.$queryRaw<(IntentColumns & { changes: number })[]>`
    WITH taken AS (
      INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state, lease_until, created_at)
      SELECT id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state,
        now() + ${leaseMs}::int * interval '1 ms', now()
      FROM jsonb_populate_record(null::intent, ${JSON.stringify(intent)}::jsonb)
      ON CONFLICT (key_digest) DO NOTHING RETURNING *),
    keyed AS (
      INSERT INTO vault_key (owner, wrapped, created_at)
      SELECT k.owner, k.wrapped, now() FROM taken, jsonb_populate_recordset(null::vault_key, ${JSON.stringify(created ? [created.key] : [])}::jsonb) k),
    written AS (
      INSERT INTO words (ref, owner, sealed, intent)
      SELECT w.ref, w.owner, w.sealed, w.intent FROM taken, jsonb_populate_recordset(null::words, ${JSON.stringify(words)}::jsonb) w),
    met AS (
      INSERT INTO customer (id, key_digest, phone_digest, email_digest, identity, revision, created_at)
      SELECT c.id, c.key_digest, c.phone_digest, c.email_digest, c.identity, c.revision, now()
      FROM taken, jsonb_populate_recordset(null::customer, ${JSON.stringify(created ? [created.row] : [])}::jsonb) c),
    changed AS (
      UPDATE customer c SET key_digest = n.key_digest, phone_digest = n.phone_digest, email_digest = n.email_digest, revision = c.revision + 1
      FROM taken, jsonb_to_recordset(${JSON.stringify(changed ? [changed] : [])}::jsonb)
        AS n(id uuid, revision int, key_digest text, phone_digest text, email_digest text, sealed bytea)
      WHERE c.id = n.id AND c.revision = n.revision RETURNING c.identity, n.sealed),
    rewritten AS (UPDATE words w SET sealed = changed.sealed FROM changed WHERE w.ref = changed.identity),
    filed AS (INSERT INTO complaint SELECT c.* FROM taken, jsonb_populate_record(null::complaint, ${JSON.stringify(complaint)}::jsonb) c),
    happened AS (INSERT INTO event SELECT e.* FROM taken, jsonb_populate_recordset(null::event, ${JSON.stringify(events)}::jsonb) e),
    told AS (
      INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, ref, state, created_at)
      SELECT d.id, d.subject, d.complaint, d.seq, d.kind, d.audience, d.recipient, d.ref, d.state, now()
      FROM taken, jsonb_populate_recordset(null::delivery, ${JSON.stringify(deliveries)}::jsonb) d ON CONFLICT DO NOTHING)
    SELECT taken.*, (SELECT count(*)::int FROM changed) AS changes FROM taken`;
  if (taken && taken.changes !== (changed ? 1 : 0)) throw new CustomerChanged();
  return taken ? intentOf(taken) : null;
}
