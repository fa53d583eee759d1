import { randomUUID } from 'node:crypto';
import { isDuplicate, type Database } from './database.js';

/** Keyed digests of an Idempotency-Key and of the body it came with. */
export interface PublishKey {
  digest: string;
  body: string;
}

/** What is published in versions under a name, and never changed. */
export interface Publication {
  kind: 'policy' | 'calendar' | 'roster';
  name: string;
  /** what the version holds, as JSON */
  content: object;
  /** who publishes it */
  by: string;
}

/**
 * Publishes the next version under its name and answers which that is. Two at once get two numbers. Under an Idempotency-Key version
 * and key are one statement, so that a repeat, also after a crash, is answered with the version it made; `reused` when the key came
 * with another body.
 */
export async function publish(database: Database, publication: Publication, key: PublishKey | null = null): Promise<{ name: string; version: number } | 'reused'> {
  for (;;) {
    const version = await insert(database, publication, key);
    if (version === 'overtaken') continue;
    if (version !== null) return { name: publication.name, version };
    const [used] = await database.query<{ body: string | null; name: string; version: number }>`
      SELECT body_digest AS body, sent->>'name' AS name, version FROM intent WHERE key_digest = ${key?.digest ?? ''}`;
    if (!used) throw new Error(`a ${publication.kind} was published and is not there`);
    return used.body === key?.body ? { name: used.name, version: used.version } : 'reused';
  }
}

/** As `publish`, answered with what `read` finds of the version that was made. */
export async function publishAndRead<T>(
  database: Database, publication: Publication, key: PublishKey | null,
  read: (database: Database, name: string, version: number) => Promise<T | null>,
): Promise<T | 'reused'> {
  const done = await publish(database, publication, key);
  if (done === 'reused') return done;
  const published = await read(database, done.name, done.version);
  if (!published) throw new Error(`there is no version ${String(done.version)} of ${publication.kind} ${done.name}`);
  return published;
}

/**
 * The version; null when the key was used before, and `overtaken` when somebody published the same version at the same moment: nothing
 * was written then, the key neither.
 */
async function insert({ query }: Database, { kind, name, content, by }: Publication, key: PublishKey | null): Promise<number | null | 'overtaken'> {
  try {
    const [done] = await query<{ version: number }>`
      WITH taken AS (
        INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state, lease_until, created_at, done_at)
        SELECT ${randomUUID()}, 'command', ${kind}, ${randomUUID()}::uuid, 'publish', ${by}, ${key?.digest ?? null}, ${key?.body ?? null},
          jsonb_build_object('name', ${name}::text), coalesce(max(version), 0) + 1, 'done', now(), now(), now()
        FROM (SELECT version FROM policy WHERE ${kind} = 'policy' AND name = ${name}
          UNION ALL SELECT version FROM calendar WHERE ${kind} = 'calendar' AND name = ${name}
          UNION ALL SELECT version FROM roster WHERE ${kind} = 'roster' AND name = ${name}) versions
        ON CONFLICT (key_digest) DO NOTHING RETURNING version),
      policies AS (
        INSERT INTO policy (name, version, policy, published_by, published_at)
        SELECT ${name}, version, ${JSON.stringify(content)}::jsonb, ${by}, now() FROM taken WHERE ${kind} = 'policy'),
      calendars AS (
        INSERT INTO calendar (name, version, calendar, published_by, published_at)
        SELECT ${name}, version, ${JSON.stringify(content)}::jsonb, ${by}, now() FROM taken WHERE ${kind} = 'calendar'),
      rosters AS (
        INSERT INTO roster (name, version, roster, published_by, published_at)
        SELECT ${name}, version, ${JSON.stringify(content)}::jsonb, ${by}, now() FROM taken WHERE ${kind} = 'roster')
      SELECT version FROM taken`;
    return done?.version ?? null;
  } catch (error) {
    if (isDuplicate(error)) return 'overtaken';
    throw error;
  }
}
