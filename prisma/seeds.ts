import { office } from '../domain/calendar/office.js';
import { defaultPolicy } from '../domain/policy/default.js';
import { taxonomies } from '../domain/taxonomy/taxonomies.js';
import type { Database } from './database.js';

/**
 * What a new database begins with: the policy `default` and the calendar `office`, version 1 of each, and the taxonomies. What is there
 * already stays as it is.
 */
export async function seed({ execute }: Database): Promise<void> {
  await execute`
    INSERT INTO policy (name, version, policy, published_by, published_at)
    VALUES ('default', 1, ${JSON.stringify(defaultPolicy)}::jsonb, 'system', now()) ON CONFLICT DO NOTHING`;
  await execute`
    INSERT INTO calendar (name, version, calendar, published_by, published_at)
    VALUES (${office.name}, 1, ${JSON.stringify(office)}::jsonb, 'system', now()) ON CONFLICT DO NOTHING`;
  const rows = Object.entries(taxonomies).flatMap(([kind, terms]) => terms.map((term, position) => ({ ...term, kind, position })));
  await execute`
    INSERT INTO taxonomy (kind, code, zh, en, parent, position)
    SELECT kind, code, zh, en, parent, position FROM jsonb_populate_recordset(null::taxonomy, ${JSON.stringify(rows)}::jsonb) ON CONFLICT DO NOTHING`;
}
