import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Role } from '../domain/event.js';
import type { Database } from './database.js';
import type { Vault } from './vault.js';

/** Somebody who was seen in a verified token. */
export interface Person {
  /** as it stands in events: opaque */
  sub: string;
  roles: Role[];
  department: string | null;
  rung: number | null;
}

export interface People {
  /** Knows a person from now on, and answers them with the `sub` that events carry. Writes only when something changed. */
  seen(sub: string, roles: Role[], department: string | null, rung: number | null): Promise<Person>;
  /** Which of these exist: from the `sub` as given (a token's, or the opaque one) to the opaque one. */
  peopleExist(subs: string[]): Promise<Map<string, string>>;
  /** A `sub` as events carry it; as given where that is nobody's, or no address. */
  asKept(sub: string): Promise<string>;
  /** A person by `sub` as given; null when never seen. */
  person(sub: string): Promise<Person | null>;
}

/**
 * People exist once seen (spec: api, general). A `sub` that looks like an address is kept as a keyed digest, and is a random
 * id everywhere else.
 */
export function createPeople({ database, vault, keep = 10_000 }: { database: Database; vault: Vault; keep?: number }): People {
  const { query } = database;
  const cache = new LRUCache<string, Person>({ max: keep });

  const digestOf = (sub: string): string | null => (looksLikeAddress(sub) ? vault.digest('sub', sub) : null);

  return {
    async seen(sub, roles, department, rung) {
      const cached = cache.get(sub);
      if (cached && same(cached, { sub: cached.sub, roles, department, rung })) return cached;
      const digest = digestOf(sub);
      const opaque = digest === null ? sub : (await known([sub])).get(sub) ?? randomUUID();
      // A token seen by two processes at once: the first one's random id stays.
      const [row] = digest === null
        ? await query<Person>`
            INSERT INTO person (sub, sub_digest, roles, department, rung, seen_at) VALUES (${opaque}, NULL, ${roles}::text[], ${department}, ${rung}::int, now())
            ON CONFLICT (sub) DO UPDATE SET roles = excluded.roles, department = excluded.department, rung = excluded.rung, seen_at = now()
            RETURNING sub, roles, department, rung`
        : await query<Person>`
            INSERT INTO person (sub, sub_digest, roles, department, rung, seen_at) VALUES (${opaque}, ${digest}, ${roles}::text[], ${department}, ${rung}::int, now())
            ON CONFLICT (sub_digest) DO UPDATE SET roles = excluded.roles, department = excluded.department, rung = excluded.rung, seen_at = now()
            RETURNING sub, roles, department, rung`;
      if (!row) throw new Error('a person was not written');
      cache.set(sub, row);
      return row;
    },

    peopleExist: known,

    async asKept(sub) {
      return looksLikeAddress(sub) ? (await known([sub])).get(sub) ?? sub : sub;
    },

    async person(sub) {
      const [row] = await query<Person>`SELECT sub, roles, department, rung FROM person WHERE sub = ${sub} OR sub_digest = ${digestOf(sub)}`;
      return row ?? null;
    },
  };

  async function known(subs: string[]): Promise<Map<string, string>> {
    const digests = new Map(subs.map((sub) => [digestOf(sub) ?? sub, sub]));
    const rows = await query<{ sub: string; sub_digest: string | null }>`
      SELECT sub, sub_digest FROM person WHERE sub = ANY(${subs}::text[]) OR sub_digest = ANY(${[...digests.keys()]}::text[])`;
    return new Map(rows.flatMap((row) => {
      const given = [row.sub, digests.get(row.sub_digest ?? '')].filter((sub) => sub !== undefined && subs.includes(sub));
      return given.map((sub) => [sub ?? row.sub, row.sub] as const);
    }));
  }
}

/** An e-mail address, or a telephone number: what must not stand in a history. */
function looksLikeAddress(sub: string): boolean {
  return sub.includes('@') || /^\+?[\d\s()./-]{6,}$/.test(sub);
}

function same(a: Person, b: Person): boolean {
  const roles = a.roles.length === b.roles.length && a.roles.every((role, i) => role === b.roles[i]);
  return roles && a.department === b.department && a.rung === b.rung;
}
