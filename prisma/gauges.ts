import type { Database } from './database.js';

/**
 * What stands open right now, counted by indexes alone. Of each kind of backlog ten thousand are counted at most, of cases that
 * are due fifty thousand: more than that is no other news, and counting must not make it worse. (Those numbers stand in the
 * statements themselves: a plan that does not know them may read everything.)
 */
export interface Standing {
  /** open intents by kind, and since how many seconds the oldest waits */
  intents: { kind: string; open: number; oldest: number }[];
  deliveries: { audience: string; pending: number; oldest: number }[];
  /** clocks of living cases that have not ended, each as often as it occurs: `plan:running response:breached` and in how many cases */
  clocks: { clocks: string; cases: number }[];
  /** living cases by when their next clock is due; nobody's twice */
  due: Record<Within, number>;
}

export const within = ['overdue', '15m', '1h', '4h'] as const;
export type Within = (typeof within)[number];

export async function standing(database: Database): Promise<Standing> {
  const [intents, deliveries, clocks, due] = await Promise.all([
    openIntents(database), pendingDeliveries(database), clocksOfCases(database), dueCases(database),
  ]);
  return { intents, deliveries, clocks, due };
}

/** Each branch walks the index that sweepers walk, in its order. */
async function openIntents({ query }: Database): Promise<Standing['intents']> {
  return query`
    SELECT kind, count(*)::int AS open, extract(epoch FROM now() - min(created_at))::float8 AS oldest
    FROM (
      (SELECT kind, created_at FROM intent WHERE state = 'open' AND (CASE kind WHEN 'start' THEN 1 ELSE 0 END) = 0 ORDER BY lease_until LIMIT 10000)
      UNION ALL
      (SELECT kind, created_at FROM intent WHERE state = 'open' AND (CASE kind WHEN 'start' THEN 1 ELSE 0 END) = 1 ORDER BY lease_until LIMIT 10000)) i
    GROUP BY kind`;
}

/** What has no way to its recipient, or none at this hour, waits for that and not for us until it is due; so does what is behind it. */
async function pendingDeliveries({ query }: Database): Promise<Standing['deliveries']> {
  return query`
    SELECT audience, count(*)::int AS pending, extract(epoch FROM now() - min(greatest(d.created_at, held.until)))::float8 AS oldest
    FROM (
      (SELECT * FROM delivery WHERE state = 'pending' AND audience = 'customer' ORDER BY audience, due_at LIMIT 10000)
      UNION ALL
      (SELECT * FROM delivery WHERE state = 'pending' AND audience = 'staff' ORDER BY audience, due_at LIMIT 10000)) d
    CROSS JOIN LATERAL (
      SELECT CASE WHEN e.failure IN ('no-way', 'off-hours') THEN e.due_at END AS until FROM delivery e
      WHERE e.complaint = d.complaint AND e.recipient = d.recipient AND e.state = 'pending' ORDER BY e.seq, e.kind LIMIT 1) held
    WHERE held.until IS NULL OR held.until <= now() GROUP BY audience`;
}

/**
 * From each value that occurs to the next one, by the index; then the entries of each. Rows, wide as they are, are not read, but
 * where they have changed since the last vacuum. Then the planner would rather read the whole table, and is told not to.
 */
async function clocksOfCases(database: Database): Promise<Standing['clocks']> {
  return database.transaction(async (query) => {
    await query`SET LOCAL enable_seqscan = off`;
    return query`
      WITH RECURSIVE occurs(clocks) AS (
        (SELECT clocks FROM complaint WHERE closed_at IS NULL AND clocks > '' ORDER BY clocks LIMIT 1)
        UNION ALL
        SELECT (SELECT c.clocks FROM complaint c WHERE c.closed_at IS NULL AND c.clocks > o.clocks ORDER BY c.clocks LIMIT 1)
        FROM occurs o WHERE o.clocks IS NOT NULL)
      SELECT o.clocks, (SELECT count(*)::int FROM complaint c WHERE c.closed_at IS NULL AND c.clocks = o.clocks) AS cases
      FROM occurs o WHERE o.clocks IS NOT NULL`;
  });
}

async function dueCases({ query }: Database): Promise<Standing['due']> {
  const [row] = await query<Standing['due']>`
    SELECT count(*) FILTER (WHERE due_at < now())::int AS overdue,
      count(*) FILTER (WHERE due_at >= now() AND due_at < now() + interval '15 minutes')::int AS "15m",
      count(*) FILTER (WHERE due_at >= now() + interval '15 minutes' AND due_at < now() + interval '1 hour')::int AS "1h",
      count(*) FILTER (WHERE due_at >= now() + interval '1 hour')::int AS "4h"
    FROM (SELECT due_at FROM complaint WHERE due_at < now() + interval '4 hours' ORDER BY due_at, id LIMIT 50000) d`;
  return row ?? { overdue: 0, '15m': 0, '1h': 0, '4h': 0 };
}
