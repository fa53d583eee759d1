import type { Channel, Special, Tier } from '../domain/complaint/terms.js';
import type { Status } from '../domain/complaint/standing.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { WordsRef } from '../domain/event.js';
import type { Instant } from '../domain/time.js';
import { inBatches } from './batch.js';
import { BadCursor, pageOf, positionOf, type Page } from './cursor.js';
import type { Database } from './database.js';
import { Prisma } from './generated/client.js';
import { readable, type Reader } from './reader.js';
import { isId } from './subject.js';
import type { Vault } from './vault.js';

/** A complaint as it is recorded. */
export interface ComplaintRow {
  id: string;
  /** version: the last `seq` */
  head: number;
  /** hash of that event */
  hash: string;
  state: Complaint;
  customer: string;
  filedBy: string;
  /** departments that were asked or have a share */
  departments: string[];
  /** the tracking code, in the vault */
  tracking: WordsRef;
  /** who the customer is, in the vault (`parseIdentity`) */
  identity: WordsRef;
}

const columns = Prisma.sql`c.id, c.head, c.hash, c.state, c.customer, c.filed_by AS "filedBy", c.departments, c.tracking, u.identity`;

/** The complaint as recorded; null when there is none. Whether the caller may see it is asked of `mayRead`. */
export async function complaintById(database: Database, id: string): Promise<ComplaintRow | null> {
  return isId(id) ? oneOfMany(database, id) : null;
}

const oneOfMany = inBatches<string, ComplaintRow | null>(async (database, ids) => {
  const rows = new Map((await complaintsByIds(database, ids)).map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id.toLowerCase()) ?? null);
});

/** The complaints among these ids that there are, as recorded, in no order. */
export async function complaintsByIds({ query }: Database, ids: readonly string[]): Promise<ComplaintRow[]> {
  const wanted = ids.filter(isId);
  if (wanted.length === 0) return [];
  return query<ComplaintRow>`
    WITH c AS MATERIALIZED (SELECT * FROM complaint WHERE id = ANY(ARRAY(SELECT unnest(${wanted}::uuid[]))))
    SELECT ${columns} FROM c JOIN customer u ON u.id = c.customer WHERE u.id = ANY(ARRAY(SELECT customer FROM c))`;
}

/** The complaint that a tracking code leads to; null for a wrong one. */
export async function complaintByTrackingCode({ query }: Database, vault: Vault, code: string): Promise<ComplaintRow | null> {
  const [row] = await query<ComplaintRow>`
    SELECT ${columns} FROM complaint c JOIN customer u ON u.id = c.customer WHERE c.tracking_digest = ${vault.digest('tracking', code)}`;
  return row ?? null;
}

export interface ComplaintFilter {
  status?: Status;
  level?: 1 | 2 | 3;
  tier?: Tier;
  type?: string;
  channel?: Channel;
  department?: string;
  owner?: string;
  /** a clock that has not ended is past its due date at `now` */
  overdue?: boolean;
  special?: Special;
  /** random id of a customer */
  customer?: string;
  /** received at or after */
  from?: Instant;
  /** received before */
  to?: Instant;
}

export interface ListComplaints {
  reader: Reader;
  filter?: ComplaintFilter;
  /** most urgent first, or latest received first (unless told) */
  sort?: 'dueAt' | 'receivedAt';
  limit: number;
  cursor?: string;
  now: Instant;
}

/** A complaint as a list finds it. */
export interface ListedComplaint {
  id: string;
  filedBy: string;
  /**
   * another one when anything has been written since that is shown of it, by whomever: its own row, its customer's, that of the key to
   * their words. The words themselves never change under their reference, but for the customer's identity, with their row
   */
  mark: string;
}

/** Complaints the reader may see, page by page: found first, and only the page's own are joined. Throws `BadCursor`. */
export async function listComplaints({ query }: Database, list: ListComplaints): Promise<Page<ListedComplaint>> {
  const { reader, filter = {}, sort = 'receivedAt', limit, cursor, now } = list;
  const position = cursor === undefined ? null : positionOf(cursor, sort);
  if (cursor !== undefined && !position) throw new BadCursor();
  const order = orders[sort];
  const conditions = [readable(reader), ...conditionsOf(filter, now), ...(position ? [order.after(position.at, position.id)] : [])];
  const rows = await query<ListedComplaint & { sortedBy: Date }>`
    SELECT c.id, c.filed_by AS "filedBy", ${mark} AS mark, ${order.column} AS "sortedBy" FROM (
      SELECT id, filed_by, hash, xmin AS row_version, customer, due_at, received_at FROM complaint c
      WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY ${order.by} LIMIT ${limit + 1}::int) c
    JOIN customer u ON u.id = c.customer LEFT JOIN vault_key k ON k.owner = c.customer ORDER BY ${order.by}`;
  const { items, next } = pageOf(rows, limit, (row) => ({ sort, at: row.sortedBy.toISOString(), id: row.id }));
  return { items: items.map(({ id, filedBy, mark }) => ({ id, filedBy, mark })), next };
}

/** Versions of rows tell what is altered by hand too; but after a crash of Postgres the same may come again for something else. */
const mark = Prisma.sql`concat_ws(' ', c.hash, c.row_version, u.revision, u.xmin, k.xmin, k.wrapped IS NULL)`;

const orders = {
  dueAt: {
    column: Prisma.sql`c.due_at`,
    by: Prisma.sql`c.due_at, c.id`,
    after: (at: Instant, id: string) => Prisma.sql`(c.due_at, c.id) > (${at}::timestamptz, ${id}::uuid)`,
  },
  receivedAt: {
    column: Prisma.sql`c.received_at`,
    by: Prisma.sql`c.received_at DESC, c.id DESC`,
    after: (at: Instant, id: string) => Prisma.sql`(c.received_at, c.id) < (${at}::timestamptz, ${id}::uuid)`,
  },
};

function conditionsOf(filter: ComplaintFilter, now: Instant): Prisma.Sql[] {
  const { status, level, tier, type, channel, department, owner, overdue, special, customer, from, to } = filter;
  return [
    status === undefined ? null : Prisma.sql`c.status = ${status}`,
    level === undefined ? null : Prisma.sql`c.level = ${level}::int`,
    tier === undefined ? null : Prisma.sql`c.tier = ${tier}`,
    type === undefined ? null : Prisma.sql`c.type = ${type}`,
    channel === undefined ? null : Prisma.sql`c.channel = ${channel}`,
    department === undefined ? null : Prisma.sql`c.department = ${department}`,
    owner === undefined ? null : Prisma.sql`c.owner = ${owner}`,
    overdue === undefined ? null : overdue ? Prisma.sql`c.due_at < ${now}::timestamptz` : Prisma.sql`c.due_at >= ${now}::timestamptz`,
    // most have none, which the planner does not see from the first condition
    special === undefined ? null : Prisma.sql`c.special @> ARRAY[${special}]::text[] AND c.special <> '{}'`,
    customer === undefined ? null : isId(customer) ? Prisma.sql`c.customer = ${customer}::uuid` : Prisma.sql`false`,
    from === undefined ? null : Prisma.sql`c.received_at >= ${from}::timestamptz`,
    to === undefined ? null : Prisma.sql`c.received_at < ${to}::timestamptz`,
  ].filter((condition) => condition !== null);
}
