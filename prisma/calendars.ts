import { PublishedName } from '../domain/schema.js';
import type { PublishedCalendar } from '../domain/calendar/schema.js';
import { BadCursor, type Page } from './cursor.js';
import type { Database } from './database.js';
import { publishAndRead, type PublishKey } from './publishing.js';

/** What a version of a calendar holds; its number is the row's. */
export type StoredCalendar = Omit<PublishedCalendar, 'version'>;

interface Row {
  version: number;
  calendar: StoredCalendar;
}

/** Publishes the next version under the calendar's name, as `publish` does it. */
export async function publishCalendar(
  database: Database, calendar: StoredCalendar, by: string, key: PublishKey | null,
): Promise<PublishedCalendar | 'reused'> {
  return publishAndRead(database, { kind: 'calendar', name: calendar.name, content: calendar, by }, key, calendarByName);
}

/** One version, the latest under its name unless told; null when there is none. */
export async function calendarByName({ query }: Database, name: string, version: number | null = null): Promise<PublishedCalendar | null> {
  const [row] = await query<Row>`
    SELECT version, calendar FROM calendar WHERE name = ${name} AND version = coalesce(${version}::int, version) ORDER BY version DESC LIMIT 1`;
  return row ? published(row) : null;
}

/** The latest version of each calendar, by name. Throws `BadCursor`. */
export async function listCalendars(
  { query }: Database, { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<PublishedCalendar>> {
  const after = cursor === undefined ? '' : nameIn(cursor);
  const rows = await query<Row>`
    SELECT DISTINCT ON (name) version, calendar FROM calendar WHERE name > ${after} ORDER BY name, version DESC LIMIT ${limit + 1}::int`;
  const items = rows.slice(0, limit).map(published);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? Buffer.from(last.name).toString('base64url') : null };
}

function nameIn(cursor: string): string {
  const { success, data } = PublishedName.safeParse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!success) throw new BadCursor();
  return data;
}

function published({ version, calendar }: Row): PublishedCalendar {
  return { ...calendar, version };
}
