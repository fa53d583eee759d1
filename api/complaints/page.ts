import type { ListedComplaint } from '../../prisma/complaints.js';
import type { Page } from '../../prisma/cursor.js';
import { createMemory } from '../../prisma/memory.js';
import { mayRead, type Reader } from '../../prisma/reader.js';
import { reachOf } from '../access/words.js';
import type { Deps } from '../deps.js';
import type { Caller } from '../http/caller.js';
import { ReadyJson } from '../http/json.js';
import { presenter } from './show.js';
import { jsonOf, readOut, type ViewJson } from './viewJson.js';

/** So many views are kept, and so many bytes of their JSON: with what belongs to each, some times that. */
const KEPT = { max: 20_000, maxSize: 16_000_000 } as const;

/** A view, and the mark of its case from before it was read. */
interface Kept extends ViewJson {
  mark: string;
}

/** A case of the page, under the key that it may be known by. */
type Asked = ListedComplaint & { key: string };

/**
 * Pages of cases as JSON. A case that was shown lately to somebody who may read as much of it, and whose mark is still the same, is
 * neither read nor deciphered nor written again: only what its clocks have used is told anew (docs/decisions/0008).
 */
export function pages({ records, vault, clock }: Pick<Deps, 'records' | 'vault' | 'clock'>) {
  const show = presenter({ records, vault, clock });
  const kept = createMemory<Kept>({ ...KEPT, sizeCalculation: ({ json }) => json.length });

  /** Null where there is none, and where the case has changed: then it goes. */
  function known({ key, mark }: Asked): Kept | null {
    const one = kept.get(key);
    if (one?.mark === mark) return one;
    kept.delete(key);
    return null;
  }

  /** Cases as they stand now, which may be later than they were found: one that the reader may not see any more is left out. */
  async function readAnew(caller: Caller, reader: Reader, asked: readonly Asked[]): Promise<Map<string, Kept>> {
    if (asked.length === 0) return new Map();
    const wanted = new Map(asked.map((one) => [one.id, one]));
    const rows = (await records.complaintsOf([...wanted.keys()])).filter((row) => mayRead(reader, row));
    const views = await show.list(caller, rows);
    return new Map(await Promise.all(rows.map(async ({ id, state }, i): Promise<[string, Kept]> => {
      const [view, one] = [views[i], wanted.get(id)];
      if (!view || !one) throw new Error('a case was read that was not asked for');
      const anew = { mark: one.mark, ...jsonOf(view, state.clocks, await records.hours(state)) };
      kept.set(one.key, anew);
      return [id, anew];
    })));
  }

  return async (caller: Caller, reader: Reader, { items, next }: Page<ListedComplaint>): Promise<ReadyJson> => {
    const asked = items.map((one): Asked => ({ key: keyOf(caller, one), ...one }));
    const found = asked.map(known);
    const anew = await readAnew(caller, reader, asked.filter((_, i) => found[i] === null));
    const views = items.flatMap(({ id }, i) => found[i] ?? anew.get(id) ?? []);
    const now = clock();
    return new ReadyJson(Buffer.concat([
      Buffer.from('{"items":['),
      ...views.flatMap((view, i) => (i === 0 ? readOut(view, now) : [COMMA, ...readOut(view, now)])),
      Buffer.from(`],"next":${JSON.stringify(next)}}`),
    ]));
  };
}

const COMMA = Buffer.from(',');

/** A case, and how much of it the caller may read, which is all that a view depends on of a caller. */
function keyOf(caller: Caller, { id, filedBy }: ListedComplaint): string {
  return `${id} ${JSON.stringify(reachOf(caller, filedBy))}`;
}
