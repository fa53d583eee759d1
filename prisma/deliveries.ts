import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/time.js';
import type { Database } from './database.js';
import type { Delivery } from './outbox.js';
import { isId } from './subject.js';

export type StoredDelivery = Delivery & { state: string; createdAt: Instant };

/** Puts something into the outbox. The same thing to the same recipient for the same event is there once; false when it was. */
export async function addDelivery({ client }: Database, delivery: Omit<Delivery, 'id'>): Promise<boolean> {
  const row = { ...delivery, id: randomUUID(), state: 'pending' };
  const added = await client.$executeRaw`
    INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, ref, state, created_at)
    SELECT id, subject, complaint, seq, kind, audience, recipient, ref, state, now()
    FROM jsonb_populate_record(null::delivery, ${JSON.stringify(row)}::jsonb) ON CONFLICT DO NOTHING`;
  return added === 1;
}

/** What was and is to be told of a case, in the order of its events. */
export async function deliveriesOf({ client }: Database, id: string): Promise<StoredDelivery[]> {
  if (!isId(id)) return [];
  const rows = await client.$queryRaw<(Delivery & { state: string; createdAt: Date })[]>`
    SELECT id, subject, complaint, seq, kind, audience, recipient, ref, state, created_at AS "createdAt" FROM delivery
    WHERE complaint = ${id}::uuid ORDER BY seq, audience, recipient`;
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
