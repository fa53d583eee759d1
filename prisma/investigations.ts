import type { Investigation } from '../domain/investigation/state.js';
import { BadCursor, pageOf, positionOf, type Page } from './cursor.js';
import type { Database } from './database.js';
import { Prisma } from './generated/client.js';
import { isId } from './subject.js';

/** An investigation as it is recorded. */
export interface InvestigationRow {
  id: string;
  head: number;
  hash: string;
  state: Investigation;
  openedBy: string;
}

const columns = Prisma.sql`id, head, hash, state, opened_by AS "openedBy"`;

/** The investigation as recorded; null when there is none. */
export async function investigationById({ query }: Database, id: string): Promise<InvestigationRow | null> {
  if (!isId(id)) return null;
  const [row] = await query<InvestigationRow>`SELECT ${columns} FROM investigation WHERE id = ${id}::uuid`;
  return row ?? null;
}

export interface ListInvestigations {
  filter?: { status?: 'open' | 'concluded'; type?: string };
  limit: number;
  cursor?: string;
}

/** Investigations, latest opened first, page by page. Throws `BadCursor`. */
export async function listInvestigations({ query }: Database, list: ListInvestigations): Promise<Page<InvestigationRow>> {
  const { filter = {}, limit, cursor } = list;
  const position = cursor === undefined ? null : positionOf(cursor, 'openedAt');
  if (cursor !== undefined && !position) throw new BadCursor();
  const conditions = [
    Prisma.sql`true`,
    filter.status === undefined ? null : Prisma.sql`status = ${filter.status}`,
    filter.type === undefined ? null : Prisma.sql`type = ${filter.type}`,
    position && Prisma.sql`(opened_at, id) < (${position.at}::timestamptz, ${position.id}::uuid)`,
  ].filter((condition) => condition !== null);
  const rows = await query<InvestigationRow>`
    SELECT ${columns} FROM investigation WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY opened_at DESC, id DESC LIMIT ${limit + 1}::int`;
  return pageOf(rows, limit, ({ state, id }) => ({ sort: 'openedAt', at: state.openedAt, id }));
}
