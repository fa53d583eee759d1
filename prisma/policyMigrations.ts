import { randomUUID } from 'node:crypto';
import type { Complaint } from '../domain/complaint/state.js';
import type { CalendarVersions } from '../domain/policy/agreement.js';
import type { Instant } from '../domain/time.js';
import type { Database } from './database.js';
import type { PublishKey } from './publishing.js';
import { FIRST_ID, underPolicy, type UnderPolicy } from './underPolicy.js';

export interface NewMigration {
  policy: { name: string; version: number };
  calendars: CalendarVersions;
  from: UnderPolicy;
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
  /** of these, cases that are under the new policy now; the others stay as they were: closed by then, or under it before */
  migrated: number;
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
  migrated: number;
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
    SELECT m.*, counted.* FROM policy_migration m, LATERAL (
      SELECT count(*) FILTER (WHERE i.state = 'open')::int AS waiting, count(*) FILTER (WHERE i.state = 'done')::int AS migrated
      FROM intent i WHERE i.name = 'migrate' AND i.sent->'command'->'data'->>'migration' = m.id::text) counted
    WHERE m.id = ${id}::uuid OR m.key_digest = ${key}`;
  return row ?? null;
}

/**
 * Asks the next cases of the oldest migration that has more, and answers how many it looked at; null when none has. A case is asked by
 * an intent that the sweepers finish; intents and how far it has come are one statement, so that it goes on where it was after any
 * death, and two who do so at once ask each case once. One migration after the other: the next begins when every case has answered the
 * one before, and nobody is asked while many have not.
 */
export async function askNextCases({ query }: Database, most: number): Promise<number | null> {
  const [next] = await query<Next>`
    SELECT id, from_policy, from_version, cursor FROM policy_migration WHERE asked_all_at IS NULL ORDER BY created_at, id LIMIT 1`;
  if (!next) return null;
  const [open] = await query<{ own: number; others: number }>`
    SELECT count(*) FILTER (WHERE sent->'command'->'data'->>'migration' = ${next.id})::int AS own,
      count(*) FILTER (WHERE sent->'command'->'data'->>'migration' <> ${next.id})::int AS others
    FROM intent WHERE name = 'migrate' AND state = 'open'`;
  if (!open || open.others > 0 || open.own >= most) return null;
  const { id, cursor, from_policy: name, from_version: version } = next;
  const from = name === null ? null : { name, version };
  const [done] = await query<{ looked: number }>`
    WITH looked AS MATERIALIZED (
      SELECT id, state FROM complaint WHERE status <> 'closed' AND id > coalesce(${cursor}::uuid, ${FIRST_ID}::uuid) ORDER BY id LIMIT ${LOOKED}::int),
    cases AS (
      SELECT id FROM looked
      WHERE ${underPolicy(from)} ORDER BY id LIMIT ${most}::int),
    ends AS (
      SELECT CASE WHEN (SELECT count(*) FROM cases) = ${most}::int THEN (SELECT id FROM cases ORDER BY id DESC LIMIT 1)
        ELSE (SELECT id FROM looked ORDER BY id DESC LIMIT 1) END AS last, (SELECT count(*) FROM looked)::int AS looked),
    moved AS (
      UPDATE policy_migration p SET asked = p.asked + (SELECT count(*) FROM cases), cursor = coalesce(ends.last, p.cursor),
        asked_all_at = CASE WHEN ends.looked < ${LOOKED}::int AND (SELECT count(*) FROM cases) < ${most}::int THEN now() END
      FROM ends WHERE p.id = ${id}::uuid AND p.cursor IS NOT DISTINCT FROM ${cursor}::uuid AND p.asked_all_at IS NULL RETURNING p.*, ends.looked),
    asked AS (
      INSERT INTO intent (id, kind, subject, subject_id, name, caller, sent, state, lease_until, created_at)
      SELECT command::text, 'command', 'complaint', cases.id, 'migrate', m.by, jsonb_build_object(
        'command', jsonb_build_object('id', command, 'name', 'migrate', 'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'by', m.by, 'role', 'admin', 'rung', null, 'department', null,
          'data', jsonb_build_object('migration', m.id, 'policy', jsonb_build_object('name', m.policy, 'version', m.version))
            || CASE WHEN m.calendars = '{}'::jsonb THEN '{}'::jsonb ELSE jsonb_build_object('calendars', m.calendars) END),
        'head', 0, 'ifMatch', null, 'signature', ''), 'open', now(), now()
      FROM moved m, (SELECT id, gen_random_uuid() AS command FROM cases) cases)
    SELECT looked FROM moved`;
  return done?.looked ?? null;
}

interface Next {
  id: string;
  from_policy: string | null;
  from_version: number | null;
  cursor: string | null;
}

/** So many open cases are looked at in one statement, however few of them are meant. */
const LOOKED = 2_000;

/**
 * Open cases that a migration would ask, in its order, from the one after `after`; `next` is where to go on, null at the end. A page
 * may have fewer than asked for, and go on: so many are looked at, however few of them are meant.
 */
export async function casesToMigrate(
  { query }: Database, from: UnderPolicy, { after, limit }: { after: string | null; limit: number },
): Promise<{ items: { id: string; state: Complaint }[]; next: string | null }> {
  const rows = await query<{ id: string; state: Complaint; wanted: boolean }>`
    WITH looked AS MATERIALIZED (
      SELECT id, state FROM complaint WHERE status <> 'closed' AND id > coalesce(${after}::uuid, ${FIRST_ID}::uuid) ORDER BY id LIMIT ${LOOKED}::int),
    last AS (SELECT id, count(*) OVER () AS looked FROM looked ORDER BY id DESC LIMIT 1)
    (SELECT id, state, true AS wanted FROM looked
     WHERE ${underPolicy(from)} ORDER BY id LIMIT ${limit + 1}::int)
    UNION ALL SELECT id, 'null'::jsonb, false FROM last WHERE looked = ${LOOKED}::int`;
  const wanted = rows.filter((row) => row.wanted);
  const items = wanted.slice(0, limit);
  if (wanted.length > limit) return { items, next: items.at(-1)?.id ?? null };
  return { items, next: rows.find((row) => !row.wanted)?.id ?? null };
}

function migrationOf(row: Row): PolicyMigration {
  const { id, policy, version, calendars, from_policy: from, from_version: fromVersion, by, asked, waiting, migrated } = row;
  return {
    id, policy: { name: policy, version }, calendars, from: from === null ? null : { name: from, version: fromVersion }, by,
    createdAt: row.created_at.toISOString(), asked, waiting, migrated, askedAllAt: row.asked_all_at?.toISOString() ?? null,
  };
}
