import { z } from 'zod';
import { isInstant } from '../domain/schema.js';
import { isId } from './subject.js';

/** Where a list goes on: after this row in its order. */
export interface Position {
  sort: string;
  /** the instant that the list is ordered by */
  at: string;
  id: string;
}

/** A cursor as a caller holds it: opaque, base64url. */
export function cursorOf({ sort, at, id }: Position): string {
  return Buffer.from(JSON.stringify([sort, at, id])).toString('base64url');
}

/** Reads a cursor; null when it is none, letter by letter as `cursorOf` writes them, or one of a list in another order. */
export function positionOf(cursor: string, sort: string): Position | null {
  const { success, data } = Parts.safeParse(partsOf(cursor));
  if (!success) return null;
  const [itsSort, at, id] = data;
  const position = { sort, at, id };
  return itsSort === sort && isInstant(at) && isId(id) && cursorOf(position) === cursor ? position : null;
}

const Parts = z.tuple([z.string(), z.string(), z.string()]);

function partsOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** A list was asked to go on from something that is no cursor of it. */
export class BadCursor extends Error {
  constructor() {
    super('this is not a cursor of this list');
    this.name = 'BadCursor';
  }
}

export interface Page<T> {
  items: T[];
  /** cursor of the next page; null on the last */
  next: string | null;
}

/** Cuts a page out of one row more than it may hold. */
export function pageOf<T>(rows: T[], limit: number, position: (row: T) => Position): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(position(last)) : null };
}
