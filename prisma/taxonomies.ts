import type { TaxonomyKind, TaxonomyTerm } from '../domain/taxonomy/taxonomies.js';
import type { Database } from './database.js';

/** The fixed lists of this set-up (L1.2), each in its order. A list without values is empty, and there all the same. */
export async function readTaxonomies({ query }: Database): Promise<Record<TaxonomyKind, TaxonomyTerm[]>> {
  const rows = await query<{ kind: TaxonomyKind; code: string; zh: string; en: string; parent: string | null }>`
    SELECT kind, code, zh, en, parent FROM taxonomy ORDER BY kind, position, code`;
  const lists: Record<TaxonomyKind, TaxonomyTerm[]> = { type: [], subtype: [], product: [], region: [], department: [], category: [] };
  for (const { kind, parent, ...term } of rows) lists[kind].push(parent === null ? term : { ...term, parent });
  return lists;
}
