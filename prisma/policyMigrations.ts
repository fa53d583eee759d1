import { randomUUID } from 'node:crypto';
import type { Complaint } from '../domain/complaint/state.js';
import type { CalendarVersions } from '../domain/policy/agreement.js';
import type { Instant } from '../domain/time.js';
import type { Database } from './database.js';
import type { PublishKey } from './publishing.js';

/** Which cases a migration is for: those under this policy, in any version unless told; null for all. */
export type MigrationFrom = { name: string; version: number | null } | null;

export interface NewMigration {
  policy: { name: string; version: number };
  calendars: CalendarVersions;
  from: MigrationFrom;
  by: string;
}

/** A migration of open cases, and how far it has come. */
export interface PolicyMigration extends NewMigration {
  id: string;
  createdAt: Instant;
  /** cases that have been asked so far */
  asked: number;
  /** of these, cases that have not answered yet */
  waiting: number;
  /** when there was no more to ask; null before */
  askedAllAt: Instant | null;
}

interface Row {
  id: string;
  policy: string;
  version: number;
  calendars: CalendarVersions;
  from_policy: string | null;
  from_version: number | null;
  by: string;
  body_digest: string | null;
  created_at: Date;
  asked: number;
  waiting: number;
  asked_all_at: Date | null;
}

/** Writes a migration down; workers do it. Under a key that was used before, the migration of then; `reused` with another body. */
export async function beginMigration(database: Database, { policy, calendars, from, by }: NewMigration, key: PublishKey | null): Promise<PolicyMigration | 'reused'> {
  const id = randomUUID();
  await database.execute`
    INSERT INTO policy_migration (id, policy, version, calendars, from_policy, from_version, by, key_digest, body_digest, created_at)
    VALUES (${id}::uuid, ${policy.name}, ${policy.version}, ${JSON.stringify(calendars)}::jsonb, ${from?.name ?? null}, ${from?.version ?? null}::int, ${by},
      ${key?.digest ?? null}, ${key?.body ?? null}, now())
    ON CONFLICT (key_digest) DO NOTHING`;
  const row = await rowBy(database, id, key?.digest ?? null);
  if (!row) throw new Error('a migration was written down and is not there');
  return row.id !== id && row.body_digest !== key?.body ? 'reused' : migrationOf(row);
}

/** Null when there is none of that id. */
export async function migrationById(database: Database, id: string): Promise<PolicyMigration | null> {
  const row = await rowBy(database, id, null);
  return row && migrationOf(row);
}

async function rowBy({ query }: Database, id: string, key: string | null): Promise<Row | null> {
  const [row] = await query<Row>`
    SELECT m.*, (SELECT count(*)::int FROM intent i WHERE i.state = 'open' AND i.name = 'migrate' AND i.sent->'command'->'data'->>'migration' = m.id::text) AS waiting
    FROM policy_migration m WHERE m.id = ${id}::uuid OR m.key_digest = ${key}`;
  return row ?? null;
}

/**
 * Asks the next cases of a migration that has more, and answers how many that were; null when none has. A case is asked by an intent
 * that the sweepers finish; intents and how far it has come are one statement, so that it goes on where it was after any death.
 */
export async function askNextCases({ query }: Database, most: number): Promise<number | null> {
  const [done] = await query<{ asked: number }>`
    WITH m AS (SELECT * FROM policy_migration WHERE asked_all_at IS NULL ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED),
    cases AS (
      SELECT c.id, gen_random_uuid() AS command FROM m, complaint c
      WHERE c.status <> 'closed' AND c.id > coalesce(m.cursor, '00000000-0000-0000-0000-000000000000')
        AND (m.from_policy IS NULL OR c.state->'policy'->>'name' = m.from_policy)
        AND (m.from_version IS NULL OR (c.state->'policy'->>'version')::int = m.from_version)
      ORDER BY c.id LIMIT ${most}::int),
    asked AS (
      INSERT INTO intent (id, kind, subject, subject_id, name, caller, sent, state, lease_until, created_at)
      SELECT cases.command::text, 'command', 'complaint', cases.id, 'migrate', m.by, jsonb_build_object(
        'command', jsonb_build_object('id', cases.command, 'name', 'migrate', 'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'by', m.by, 'role', 'admin', 'rung', null, 'department', null,
          'data', jsonb_build_object('migration', m.id, 'policy', jsonb_build_object('name', m.policy, 'version', m.version))
            || CASE WHEN m.calendars = '{}'::jsonb THEN '{}'::jsonb ELSE jsonb_build_object('calendars', m.calendars) END),
        'head', 0, 'ifMatch', null, 'signature', ''), 'open', now(), now()
      FROM cases, m),
    counted AS (SELECT count(*)::int AS asked, (SELECT id FROM cases ORDER BY id DESC LIMIT 1) AS last FROM cases)
    UPDATE policy_migration p SET asked = p.asked + counted.asked, cursor = coalesce(counted.last, p.cursor),
      asked_all_at = CASE WHEN counted.asked < ${most}::int THEN now() END
    FROM m, counted WHERE p.id = m.id RETURNING counted.asked`;
  return done?.asked ?? null;
}

/** How many cases have been asked by migrations and have not answered. */
export async function casesWaiting({ query }: Database): Promise<number> {
  const [row] = await query<{ waiting: number }>`SELECT count(*)::int AS waiting FROM intent WHERE state = 'open' AND kind = 'command' AND name = 'migrate'`;
  return row?.waiting ?? 0;
}

/** Open cases that a migration would ask, in its order, from the one after `after`. */
export async function casesToMigrate(
  { query }: Database, from: MigrationFrom, { after, limit }: { after: string | null; limit: number },
): Promise<{ id: string; state: Complaint }[]> {
  return query<{ id: string; state: Complaint }>`
    SELECT id, state FROM complaint
    WHERE status <> 'closed' AND id > coalesce(${after}::uuid, '00000000-0000-0000-0000-000000000000')
      AND (${from?.name ?? null}::text IS NULL OR state->'policy'->>'name' = ${from?.name ?? null})
      AND (${from?.version ?? null}::int IS NULL OR (state->'policy'->>'version')::int = ${from?.version ?? null}::int)
    ORDER BY id LIMIT ${limit}::int`;
}

function migrationOf(row: Row): PolicyMigration {
  const { id, policy, version, calendars, from_policy: from, from_version: fromVersion, by, asked, waiting } = row;
  return {
    id, policy: { name: policy, version }, calendars, from: from === null ? null : { name: from, version: fromVersion }, by,
    createdAt: row.created_at.toISOString(), asked, waiting, askedAllAt: row.asked_all_at?.toISOString() ?? null,
  };
}
