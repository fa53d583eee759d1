import { readFile } from 'node:fs/promises';
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
    expect(applied.flat()).toEqual(['0001_first']);
    expect(await migrate(url)).toEqual([]);
  });

  it('say what the schema says', async () => {
    const pool = new pg.Pool({ connectionString: here.url, max: 1 });
    const engine = await openSchemaEngine(new PrismaPg(pool));
    const content = await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
    const { stdout } = await engine.diff({
      from: { tag: 'empty' }, to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] }, script: true,
      exitCode: null, filters: { externalTables: [], externalEnums: [] },
    });
    await pool.end();
    const migration = await readFile(new URL('../../prisma/migrations/0001_first/migration.sql', import.meta.url), 'utf8');
    expect(migration.startsWith(stdout ?? 'nothing')).toBe(true);
  });
});

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
  const name = `empty_${Date.now()}`;
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
