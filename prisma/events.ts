import { BadCursor } from './cursor.js';
import type { Database } from './database.js';
import { Prisma } from './generated/client.js';
import { isId, type EventOf, type Subject } from './subject.js';

/** An event as recorded, with its place in the chain. */
export interface Link<S extends Subject> {
  event: EventOf<S>;
  hash: string;
}

/** Which events: after `after`, up to and with `upTo`, `limit` at most; all unless told. */
export interface Part {
  after?: number;
  upTo?: number;
  limit?: number;
}

/** Recorded events in order, each with its hash: what an auditor recomputes. */
export async function chainOf<S extends Subject>(database: Database, subject: S, id: string, part: Part = {}): Promise<Link<S>[]> {
  return isId(id) ? select(database, subject, id, part) : [];
}

/** Events 1 to `version`: what a case was when it stood there. All of them unless told. */
export async function eventsUpTo<S extends Subject>(database: Database, subject: S, id: string, version?: number): Promise<EventOf<S>[]> {
  return (await chainOf(database, subject, id, version === undefined ? {} : { upTo: version })).map(({ event }) => event);
}

export interface EventPage<S extends Subject> {
  items: EventOf<S>[];
  /** cursor of the next page: the last `seq`; null on the last page */
  next: string | null;
}

/** A page of the timeline, oldest first. Throws `BadCursor`. */
export async function eventPage<S extends Subject>(
  database: Database, subject: S, id: string, page: { limit: number; cursor?: string },
): Promise<EventPage<S>> {
  const { limit, cursor } = page;
  if (cursor !== undefined && !/^[1-9]\d{0,8}$/.test(cursor)) throw new BadCursor();
  const after = Number(cursor ?? 0);
  const links = await chainOf(database, subject, id, { after, limit: limit + 1 });
  const items = links.slice(0, limit).map(({ event }) => event);
  const last = items.at(-1);
  return { items, next: links.length > limit && last ? String(last.seq) : null };
}

/** An event in the form that was hashed: `at` with milliseconds. */
const event = Prisma.sql`jsonb_build_object(
  'seq', seq, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', by, 'role', role, 'command', command, 'type', type, 'data', data) AS event`;

async function select<S extends Subject>({ query }: Database, subject: S, id: string, part: Part): Promise<Link<S>[]> {
  const { after = 0, upTo = null, limit = null } = part;
  return subject === 'complaint'
    ? query<Link<S>>`
        SELECT ${event}, hash FROM event
        WHERE complaint = ${id}::uuid AND seq > ${after}::int AND seq <= coalesce(${upTo}::int, seq) ORDER BY seq LIMIT ${limit}::int`
    : query<Link<S>>`
        SELECT ${event}, hash FROM investigation_event
        WHERE investigation = ${id}::uuid AND seq > ${after}::int AND seq <= coalesce(${upTo}::int, seq) ORDER BY seq LIMIT ${limit}::int`;
}

/** The last event that an intent caused; null when it caused none. */
export async function lastCausedBy({ query }: Database, subject: Subject, id: string, intent: string): Promise<number | null> {
  const [row] = subject === 'complaint'
    ? await query<{ seq: number | null }>`SELECT max(seq) AS seq FROM event WHERE complaint = ${id}::uuid AND command = ${intent}`
    : await query<{ seq: number | null }>`
        SELECT max(seq) AS seq FROM investigation_event WHERE investigation = ${id}::uuid AND command = ${intent}`;
  return row?.seq ?? null;
}
