import type { Database } from './database.js';
import { Prisma } from './generated/client.js';
import { intentOf, type Intent, type IntentColumns } from './intent.js';

/**
 * What a sweeper takes at a time: what people wait for, what only has to be begun, and what has failed often, which must hold up
 * neither.
 */
export type Lane = 'commands' | 'starts' | 'stuck';

// as the partial indexes are written, so that a claim reads what is due in its order and nothing else
const lanes: Record<Lane, Prisma.Sql> = {
  commands: Prisma.sql`(CASE kind WHEN 'start' THEN 1 ELSE 0 END) = 0 AND attempts <= 3`,
  starts: Prisma.sql`(CASE kind WHEN 'start' THEN 1 ELSE 0 END) = 1 AND attempts <= 3`,
  stuck: Prisma.sql`attempts > 3`,
};

/**
 * Open intents of a lane whose lease has run out, the longest due first, leased to the caller for `leaseMs`, and counted as sent
 * once more. No two sweepers get the same.
 */
export async function claimIntents({ query }: Database, lane: Lane, limit: number, leaseMs: number): Promise<Intent[]> {
  const rows = await query<IntentColumns>`
    WITH due AS MATERIALIZED (
      SELECT id FROM intent WHERE state = 'open' AND ${lanes[lane]} AND lease_until <= now()
      ORDER BY lease_until LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)
    UPDATE intent i SET lease_until = now() + ${leaseMs}::int * interval '1 ms', attempts = i.attempts + 1 FROM due WHERE i.id = due.id
    RETURNING i.*`;
  return rows.map(intentOf).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Gives claimed intents back: they are due again after `pauseMs`, unless somebody else has taken them since. */
export async function giveBack({ execute }: Database, intents: readonly Intent[], pauseMs: number): Promise<void> {
  const claims = JSON.stringify(intents.map(({ id, attempts }) => ({ id, attempts })));
  await execute`
    UPDATE intent i SET lease_until = now() + ${pauseMs}::int * interval '1 ms'
    FROM jsonb_to_recordset(${claims}::jsonb) AS c(id text, attempts int)
    WHERE i.id = ANY(ARRAY(SELECT unnest(${intents.map(({ id }) => id)}::text[]))) AND i.id = c.id AND i.attempts = c.attempts AND i.state <> 'done'`;
}
