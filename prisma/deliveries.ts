import type { Instant } from '../domain/time.js';
import type { Database } from './database.js';
import { deliveryId, type Delivery } from './outbox.js';
import { isId } from './subject.js';

/** What a pending delivery waits for, and a failed one failed of, when there is no way to its recipient. */
export const NO_WAY = 'no-way';
/** What a pending delivery waits for while nobody who is to be told may be called. */
export const OFF_HOURS = 'off-hours';

/** `superseded`: a later one has made it pointless. `failed`: it will never be sent, and `failure` names why. */
export type DeliveryState = 'pending' | 'sent' | 'failed' | 'superseded';

export interface StoredDelivery extends Delivery {
  state: DeliveryState;
  attempts: number;
  transport: string | null;
  failure: string | null;
  createdAt: Instant;
}

/** A delivery that is to be sent now, by whoever claimed it. */
export type DueDelivery = Delivery & { attempts: number; createdAt: Instant };

/** Puts something into the outbox. The same thing to the same recipient for the same event is there once; false when it was. */
export async function addDelivery({ execute }: Database, delivery: Omit<Delivery, 'id'>): Promise<boolean> {
  const row = { ...delivery, id: deliveryId(delivery), state: 'pending' };
  const added = await execute`
    INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, ref, state, created_at)
    SELECT id, subject, complaint, seq, kind, audience, recipient, ref, state, now()
    FROM jsonb_populate_record(null::delivery, ${JSON.stringify(row)}::jsonb) ON CONFLICT DO NOTHING`;
  return added === 1;
}

/** What was and is to be told of a case, in the order of its events. */
export async function deliveriesOf({ query }: Database, id: string): Promise<StoredDelivery[]> {
  if (!isId(id)) return [];
  const rows = await query<Omit<StoredDelivery, 'createdAt'> & { createdAt: Date }>`
    SELECT id, subject, complaint, seq, kind, audience, recipient, ref, state, attempts, transport, failure, created_at AS "createdAt" FROM delivery
    WHERE complaint = ${id}::uuid ORDER BY seq, audience, recipient`;
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/**
 * Deliveries that are due, the longest due first, leased to the caller for `leaseMs`. No two dispatchers get the same. What is told
 * of one case to one recipient goes in the order of its events: none is due before the earlier ones are done, nor before its event is
 * recorded, as the question of a follow-up may be asked for.
 */
export async function claimDeliveries(
  { query }: Database, audience: Delivery['audience'], limit: number, leaseMs: number,
): Promise<DueDelivery[]> {
  const rows = await query<Omit<DueDelivery, 'createdAt'> & { createdAt: Date }>`
    WITH due AS MATERIALIZED (
      SELECT id FROM delivery d WHERE state = 'pending' AND audience = ${audience} AND due_at <= now()
        AND NOT EXISTS (
          SELECT FROM delivery e WHERE e.complaint = d.complaint AND e.recipient = d.recipient AND e.state = 'pending' AND (e.seq, e.kind) < (d.seq, d.kind))
        AND (d.subject <> 'complaint' OR (SELECT head FROM complaint c WHERE c.id = d.complaint) >= d.seq)
      ORDER BY due_at LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)
    UPDATE delivery d SET due_at = now() + ${leaseMs}::int * interval '1 ms', attempts = d.attempts + 1 FROM due WHERE d.id = due.id
    RETURNING d.id, subject, complaint, seq, kind, audience, recipient, ref, attempts, created_at AS "createdAt"`;
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/** What a claimed delivery has come to, once and for all. */
export async function settleDelivery(
  { execute }: Database, id: string, { state, transport = null, failure = null }: {
    state: Exclude<DeliveryState, 'pending'>; transport?: string | null; failure?: string | null;
  },
): Promise<void> {
  await execute`
    UPDATE delivery SET state = ${state}, transport = ${transport}::text, failure = ${failure}::text, done_at = now()
    WHERE id = ${id}::uuid AND state = 'pending'`;
}

/**
 * Leaves a claimed delivery alone for a while, and with it what waits behind it: else every claim would look at those anew.
 * Nothing happens when another dispatcher has claimed it since. One that was not sent at all, for want of a transport, has not been
 * tried; `waitsFor` names what it then waits for.
 */
export async function postponeDelivery(
  { execute }: Database, delivery: DueDelivery, pauseMs: number, untried: { waitsFor: string | null } | null = null,
): Promise<void> {
  const { id, attempts, complaint, recipient, seq } = delivery;
  await execute`
    WITH held AS (
      UPDATE delivery SET due_at = now() + ${pauseMs}::int * interval '1 ms', attempts = attempts - ${untried ? 1 : 0}::int, failure = ${untried?.waitsFor ?? null}::text
      WHERE id = ${id}::uuid AND state = 'pending' AND attempts = ${attempts}::int RETURNING due_at)
    UPDATE delivery d SET due_at = held.due_at FROM held
    WHERE d.complaint = ${complaint}::uuid AND d.recipient = ${recipient} AND d.state = 'pending' AND d.seq >= ${seq}::int AND d.id <> ${id}::uuid AND d.due_at < held.due_at`;
}

/** After these nobody asks the customer any more whether they are satisfied, or asks it again. */
const ENDS_THE_QUESTION = ['follow_up_attempted', 'followed_up', 'unanswered', 'reopened', 'finalized', 'withdrawn', 'closed'];

/**
 * Whether something that has happened since makes this one pointless. Only of a question whether the customer is satisfied: after a
 * downtime several attempts are made at once, and one question is enough; none, when it is answered or its time is over.
 */
export async function isSuperseded({ query }: Database, { complaint, seq, kind }: Delivery): Promise<boolean> {
  if (kind !== 'follow_up_attempted') return false;
  const rows = await query<{ one: number }>`
    SELECT 1 AS one FROM event WHERE complaint = ${complaint}::uuid AND seq > ${seq}::int AND type = ANY(${ENDS_THE_QUESTION}::text[]) LIMIT 1`;
  return rows.length > 0;
}
