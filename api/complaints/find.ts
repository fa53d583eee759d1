import { mayRead } from '../../prisma/reader.js';
import { readerOf } from '../access/visibility.js';
import type { Deps } from '../deps.js';
import type { Caller } from '../http/caller.js';
import { Problem } from '../problem/problem.js';
import type { CaseRow } from '../records/records.js';

/** The case of a path, if the caller may see it; else it is not found (spec: api, order of checks). */
export function finder({ records }: Pick<Deps, 'records'>) {
  return async ({ caller, params }: { caller: Caller | null; params: { id: string } }): Promise<CaseRow> => {
    const reader = caller && readerOf(caller);
    const row = reader && await records.complaint(params.id);
    if (!row || !mayRead(reader, row)) throw Problem.of('not-found');
    return row;
  };
}
