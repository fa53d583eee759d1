import type { PublishedRoster, Roster } from '../domain/roster/schema.js';
import type { Database } from './database.js';
import { publishAndRead, type PublishKey } from './publishing.js';

interface Row {
  version: number;
  roster: Roster;
}

/** Publishes the next version of a department's roster, as `publish` does it. */
export async function publishRoster(database: Database, roster: Roster, by: string, key: PublishKey | null): Promise<PublishedRoster | 'reused'> {
  return publishAndRead(database, { kind: 'roster', name: roster.name, content: roster, by }, key, rosterOf);
}

/** One version, the latest of that department unless told; null when there is none. */
export async function rosterOf({ query }: Database, name: string, version: number | null = null): Promise<PublishedRoster | null> {
  const [row] = await query<Row>`
    SELECT version, roster FROM roster WHERE name = ${name} AND version = coalesce(${version}::int, version) ORDER BY version DESC LIMIT 1`;
  return row ? published(row) : null;
}

/** The latest version of each, by name. There are about as many as departments. */
export async function listRosters({ query }: Database): Promise<PublishedRoster[]> {
  const rows = await query<Row>`SELECT DISTINCT ON (name) version, roster FROM roster ORDER BY name, version DESC`;
  return rows.map(published);
}

function published({ version, roster }: Row): PublishedRoster {
  return { ...roster, version };
}
