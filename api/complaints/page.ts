import { LRUCache } from 'lru-cache';
import type { ListedComplaint } from '../../prisma/complaints.js';
import type { Page } from '../../prisma/cursor.js';
import { mayRead, type Reader } from '../../prisma/reader.js';
import { hearingOf, mayTrack } from '../access/words.js';
import type { Deps } from '../deps.js';
import type { Caller } from '../http/caller.js';
import { WrittenJson } from '../http/json.js';
import { presenter } from './show.js';
import { readOut, writeView, type WrittenView } from './written.js';

/** So many bytes of views are kept. */
const KEPT_BYTES = 16_000_000;

interface Kept extends WrittenView {
  mark: string;
}

/**
 * Writes pages of cases as JSON. A case that has been written lately, for somebody who may read as much of it, and whose mark is still
 * the same, is neither read nor deciphered nor written again: only what its clocks have used is told anew.
 */
export function pages({ records, vault, clock }: Pick<Deps, 'records' | 'vault' | 'clock'>) {
  const show = presenter({ records, vault, clock });
  const kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES, sizeCalculation: ({ pieces }) => pieces.reduce((sum, piece) => sum + piece.length, 0),
  });

  /** Written as they stand now, which may be later than they were listed. */
  async function written(caller: Caller, reader: Reader, listed: readonly ListedComplaint[]): Promise<Map<string, Kept>> {
    if (listed.length === 0) return new Map();
    const marks = new Map(listed.map((one) => [one.id, one]));
    const rows = (await records.complaintsOf([...marks.keys()])).filter((row) => mayRead(reader, row));
    const views = await show.list(caller, rows);
    const found = await Promise.all(views.map(async (view, i): Promise<[string, Kept][]> => {
      const [state, one] = [rows[i]?.state, marks.get(view.id)];
      if (!state || !one) return [];
      const it = { mark: one.mark, ...writeView(view, state.clocks, await records.hours(state)) };
      kept.set(keyOf(caller, one), it);
      return [[view.id, it]];
    }));
    return new Map(found.flat());
  }

  return async (caller: Caller, reader: Reader, { items, next }: Page<ListedComplaint>): Promise<WrittenJson> => {
    const known = items.map((one) => {
      const it = kept.get(keyOf(caller, one));
      return it?.mark === one.mark ? it : null;
    });
    const anew = await written(caller, reader, items.filter((_, i) => known[i] === null));
    const all = items.flatMap(({ id }, i) => known[i] ?? anew.get(id) ?? []);
    const now = clock();
    return new WrittenJson(Buffer.concat([
      Buffer.from('{"items":['),
      ...all.flatMap((it, i) => (i === 0 ? readOut(it, now) : [COMMA, ...readOut(it, now)])),
      Buffer.from(`],"next":${JSON.stringify(next)}}`),
    ]));
  };
}

const COMMA = Buffer.from(',');

/** A case, and how much of it the caller may read: all who may read as much are shown the same. */
function keyOf(caller: Caller, { id, filedBy }: ListedComplaint): string {
  return JSON.stringify([id, hearingOf(caller, filedBy), mayTrack(caller, filedBy)]);
}
