import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../domain/policy/default.js';
import { taxonomies } from '../../domain/taxonomy/taxonomies.js';
import { openSchemaEngine } from '../../prisma/engine.js';
import { createKey, findKey, listKeys, revokeKey } from '../../prisma/keys.js';
import { migrate } from '../../prisma/migrate.js';
import { createPeople } from '../../prisma/people.js';
import { currentPolicy, policyByName, publishPolicy } from '../../prisma/policies.js';
import { readTaxonomies } from '../../prisma/taxonomies.js';
import { place, writes, type Place } from './given.js';

let here: Place;
beforeAll(async () => {
  here = await place();
});
afterAll(() => here.database.close());

describe('migrations', () => {
  it('bring an empty database to this version, also when several processes start at once, and then change nothing', async () => {
    const url = await emptyDatabase(here.url);
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    const folders = await readdir(new URL('../../prisma/migrations/', import.meta.url), { withFileTypes: true });
    expect(applied.flat()).toEqual(folders.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort());
    expect(await migrate(url)).toEqual([]);
  });

  it('are each done whole or not at all, and what was cut off is begun anew', async () => {
    const url = await emptyDatabase(here.url);
    const applied = await migrate(url);
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    const known = async (name: string) => (await pool.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name])).rows[0]?.there;
    // as it stood before the last three, but for something that the first of them meets at its end
    await pool.query(`DROP TABLE roster, policy_migration; DROP INDEX intent_migration_idx, delivery_waiting_idx; DELETE FROM _prisma_migrations WHERE migration_name >= '0006'`);
    await expect(migrate(url)).rejects.toThrow(/^The migration 0006_policy_migrations was not applied: .*intent_migrating_idx/);
    expect(await known('policy_migration')).toBe(false);
    await pool.query('DROP INDEX intent_migrating_idx');
    expect(await migrate(url)).toEqual(applied.slice(-3));
    expect([await known('policy_migration'), await known('roster')]).toEqual([true, true]);
    const { rows } = await pool.query<{ name: string; noted: boolean }>('SELECT migration_name AS name, finished_at IS NOT NULL AS noted FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY 1');
    expect(rows).toEqual(applied.map((name) => ({ name, noted: true })));
    await pool.end();
  });

  it('come to what the schema says', async () => {
    const [written, migrated] = [await emptyDatabase(here.url), await emptyDatabase(here.url)];
    const pool = new pg.Pool({ connectionString: written, max: 1 });
    const engine = await openSchemaEngine(new PrismaPg(pool));
    const content = await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
    const { stdout } = await engine.diff({
      from: { tag: 'empty' }, to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] }, script: true,
      exitCode: null, filters: { externalTables: [], externalEnums: [] },
    });
    await pool.query(stdout ?? '');
    await pool.end();
    await migrate(migrated);
    expect(await shapeOf(migrated)).toEqual(await shapeOf(written));
  });

  it('may run beside processes of the version before: what those write is taken', async () => {
    const url = await emptyDatabase(here.url);
    await migrate(url);
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    // the columns that the first version named
    await pool.query(`INSERT INTO intent (id, kind, subject, subject_id, name, caller, sent, state, lease_until, created_at)
      VALUES ('i', 'command', 'complaint', gen_random_uuid(), 'note', 'ann', '{}', 'open', now(), now())`);
    await pool.query(`INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, state, created_at)
      VALUES (gen_random_uuid(), 'complaint', gen_random_uuid(), 1, 'received', 'customer', 'x', 'pending', now())`);
    const { rows } = await pool.query('SELECT i.attempts AS intents, d.attempts AS deliveries, d.due_at <= now() AS due FROM intent i, delivery d');
    await pool.end();
    expect(rows).toEqual([{ intents: 1, deliveries: 0, due: true }]);
  });
});

/** Columns, keys and indexes of a database; not those indexes that the language of the schema has no words for, nor the migrations' own table. */
async function shapeOf(url: string): Promise<unknown[]> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const { rows } = await pool.query<Record<string, unknown>>(`
    SELECT table_name, column_name AS name, data_type || ' ' || is_nullable || coalesce(column_default, '') AS shape
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
    UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' AND indexdef NOT LIKE '% WHERE %'
    UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND conrelid::regclass::text <> '_prisma_migrations'
    ORDER BY 1, 2, 3`);
  await pool.end();
  return rows;
}

describe('policies (spec: sla, policy)', () => {
  it('begin with version 1 of the policy `default`', async () => {
    expect(await currentPolicy(here.database)).toMatchObject({ name: 'default', version: 1, policy: defaultPolicy });
  });

  it('get the next number under their name, also when published at once', async () => {
    const published = await Promise.all(Array.from({ length: 5 }, () => publishPolicy(here.database, { ...defaultPolicy, name: 'rehearsal' }, 'ada')));
    expect(published.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(await policyByName(here.database, 'rehearsal', 3)).toMatchObject({ version: 3, publishedBy: 'ada' });
    expect(await policyByName(here.database, 'nobody')).toBeNull();
  });

  it('under another name never become current', async () => {
    await publishPolicy(here.database, { ...defaultPolicy, name: 'other' }, 'ada');
    expect(await currentPolicy(here.database)).toMatchObject({ name: 'default', version: 1 });
    await publishPolicy(here.database, { ...defaultPolicy, contestWindow: 'P4D' }, 'ada');
    expect(await currentPolicy(here.database)).toMatchObject({ name: 'default', version: 2, policy: { contestWindow: 'P4D' } });
  });
});

it('taxonomies are data, in their order (L1.2)', async () => {
  expect(await readTaxonomies(here.database)).toEqual(taxonomies);
});

describe('API keys of channels', () => {
  it('let their channel in until they are revoked, and keep no secret', async () => {
    const { key, id, sub } = await createKey(here.database, 'web form');
    expect(key).toMatch(/^tfk_[0-9a-f]+_/);
    expect(await findKey(here.database, key)).toMatchObject({ id, sub, name: 'web form' });
    expect(JSON.stringify(await here.database.client.apiKey.findMany())).not.toContain(key.split('_').slice(2).join('_'));
    expect(await findKey(here.database, `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBeNull();
    expect(await findKey(here.database, 'tfk_nonsense')).toBeNull();
    expect(await revokeKey(here.database, id)).toBe(true);
    expect(await revokeKey(here.database, id)).toBe(false);
    expect(await findKey(here.database, key)).toBeNull();
    expect(await listKeys(here.database)).toMatchObject([{ id, revokedAt: expect.any(String) }]);
  });
});

describe('people exist once seen in a verified token (spec: api, roles)', () => {
  it('and are written only when something changed', async () => {
    const people = createPeople(here);
    await people.seen('ann', ['agent'], null, null);
    here.statements.length = 0;
    await people.seen('ann', ['agent'], null, null);
    expect(writes(here.statements)).toBe(0);
    expect(await people.seen('ann', ['agent', 'supervisor'], 'logistics', 2)).toMatchObject({ sub: 'ann', department: 'logistics', rung: 2 });
    expect(await people.person('ann')).toEqual({ sub: 'ann', roles: ['agent', 'supervisor'], department: 'logistics', rung: 2 });
    expect(await people.peopleExist(['ann', 'nobody'])).toEqual(new Map([['ann', 'ann']]));
  });

  it('whose `sub` looks like an address is one random id everywhere', async () => {
    const [one, two] = [createPeople(here), createPeople(here)];
    const seen = await Promise.all([one, two, one, two].map((people) => people.seen('Lou@example.org', ['department'], 'logistics', null)));
    const [opaque] = seen.map(({ sub }) => sub);
    expect(new Set(seen.map(({ sub }) => sub)).size).toBe(1);
    expect(opaque).not.toContain('@');
    expect(await one.peopleExist(['Lou@example.org', opaque ?? ''])).toEqual(new Map([['Lou@example.org', opaque], [opaque, opaque]]));
    const rows = JSON.stringify(await here.database.client.person.findMany());
    expect(rows).not.toContain('example.org');
  });
});

/** A database beside another one, without tables. */
async function emptyDatabase(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
