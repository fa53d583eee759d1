import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { complaintByTrackingCode } from '../../prisma/complaints.js';
import { takeIntent } from '../../prisma/intents.js';
import { unseal } from '../../prisma/sealing.js';
import { KeyDestroyed, openVault } from '../../prisma/vault.js';
import { asked, filed, LEASE, place, type Place } from './given.js';

vi.mock('../../prisma/sealing.js', { spy: true });
const deciphered = (ref: string | undefined): number => vi.mocked(unseal).mock.calls.filter(([, about]) => about === ref).length;

let here: Place;
beforeAll(async () => {
  here = await place();
});
afterAll(() => here.database.close());

describe('words lie in the vault only (spec: evidence, personal data)', () => {
  it('can be read again by another process with the same master key', async () => {
    const { row } = await filed(here, { text: '包裹破损了, twice' });
    const vault = openVault({ database: here.database, masterKey: here.masterKey });
    const words = await vault.read([row.state.text, row.tracking, randomUUID(), 'no reference', null]);
    expect(words.get(row.state.text)).toBe('包裹破损了, twice');
    expect([...words.values()].filter((text) => text === null)).toHaveLength(2);
  });

  it('cannot be read with another master key', async () => {
    const { row } = await filed(here);
    const thief = openVault({ database: here.database, masterKey: randomBytes(32) });
    await expect(thief.read([row.state.text])).rejects.toThrow();
  });

  it('tells whether a master key is the one that they were sealed under', async () => {
    await filed(here);
    expect(await openVault({ database: here.database, masterKey: here.masterKey }).fits()).toBe(true);
    expect(await openVault({ database: here.database, masterKey: randomBytes(32) }).fits()).toBe(false);
  });

  it('are sealed under a new key whose row is not written yet, however many keys came since', async () => {
    const owner = randomUUID();
    const ref = randomUUID();
    const vault = openVault({ database: here.database, masterKey: here.masterKey, keep: 1 });
    const key = vault.newKey(owner);
    vault.newKey(randomUUID());
    const [words] = await vault.seal(owner, [{ ref, text: 'new' }], key);
    vault.newKey(randomUUID());
    await expect(vault.seal(owner, [{ ref, text: 'new' }])).rejects.toThrow(KeyDestroyed);
    const [sealed, wrapped] = [words?.sealed, key.wrapped].map((bytes) => Buffer.from((bytes ?? '').slice(2), 'hex').toString('base64'));
    expect(vault.open({ ref, owner, sealed: sealed ?? '', wrapped: wrapped ?? '' })).toBe('new');
  });

  it('notices words that were put under another reference', async () => {
    const one = await filed(here, { given: { key: 'swap' }, text: 'first' });
    const two = await filed(here, { given: { key: 'swap' }, text: 'second' });
    await here.database.client.$executeRaw`
      UPDATE words SET sealed = (SELECT sealed FROM words WHERE ref = ${one.row.state.text}::uuid) WHERE ref = ${two.row.state.text}::uuid`;
    await expect(here.vault.read([two.row.state.text])).rejects.toThrow();
  });

  it('are deciphered once as long as they stay the same: other bytes are looked at, and those of a key that is gone are not told', async () => {
    const { row: { customer, state: { text } } } = await filed(here, { text: 'read twice' });
    const { client } = here.database;
    const vault = openVault({ database: here.database, masterKey: here.masterKey });
    const read = async () => (await vault.read([text])).get(text);
    expect([await read(), await read()]).toEqual(['read twice', 'read twice']);
    expect(deciphered(text)).toBe(1);
    await client.$executeRaw`UPDATE words SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE ref = ${text}::uuid`;
    await expect(read()).rejects.toThrow();
    await client.$executeRaw`UPDATE words SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE ref = ${text}::uuid`;
    expect(await read()).toBe('read twice');
    expect(await here.vault.destroyKey(customer)).toBe(true);
    expect(await read()).toBeNull();
  });

  it('and stay in memory for an hour at most, as keys do', async () => {
    const { row: { customer, state: { text } } } = await filed(here, { text: 'read twice' });
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const vault = openVault({ database: here.database, masterKey: here.masterKey });
    const used = async () => {
      here.statements.length = 0;
      await vault.read([text]);
      await vault.seal(customer, [{ ref: randomUUID(), text: 'more' }]);
      return { deciphered: deciphered(text), statements: here.statements.length };
    };
    vi.mocked(unseal).mockClear();
    expect([await used(), await used()]).toEqual([{ deciphered: 1, statements: 1 }, { deciphered: 1, statements: 1 }]);
    vi.advanceTimersByTime(3_600_000);
    await vault.seal(customer, [{ ref: randomUUID(), text: 'more' }]);
    expect(here.statements).toHaveLength(2);
    expect(await used()).toEqual({ deciphered: 2, statements: 1 });
    vi.useRealTimers();
  });

  it('and as many stay in memory as they may', async () => {
    const rows = await Promise.all(['first', 'second'].map((text) => filed(here, { text })));
    const [one, two] = rows.map(({ row }) => row.state.text);
    // sealed, each has some fifty characters with its plain ones
    for (const [keepTexts, times] of [[70, 2], [1_000, 1]] as const) {
      vi.mocked(unseal).mockClear();
      const vault = openVault({ database: here.database, masterKey: here.masterKey, keepTexts });
      for (const ref of [one, two, one, two]) expect((await vault.read([ref])).get(ref ?? '')).toBe(ref === one ? 'first' : 'second');
      expect([deciphered(one), deciphered(two)]).toEqual([times, times]);
    }
  });

  it('reads many words in one query', async () => {
    const rows = await Promise.all(['a', 'b', 'c'].map((text) => filed(here, { text })));
    here.statements.length = 0;
    const words = await here.vault.read(rows.map(({ row }) => row.state.text));
    expect([...words.values()]).toEqual(['a', 'b', 'c']);
    expect(here.statements).toHaveLength(1);
  });

  it('has lost them for good once the key is destroyed, in every process', async () => {
    const { row } = await filed(here, { text: 'to be forgotten' });
    const other = openVault({ database: here.database, masterKey: here.masterKey });
    expect((await other.read([row.state.text])).get(row.state.text)).toBe('to be forgotten');
    expect(await here.vault.destroyKey(row.customer)).toBe(true);
    expect(await here.vault.destroyKey(row.customer)).toBe(false);
    expect((await other.read([row.state.text, row.identity])).get(row.state.text)).toBeNull();
    await expect(here.vault.seal(row.customer, [{ ref: randomUUID(), text: 'more' }])).rejects.toThrow(KeyDestroyed);
  });

  it('keeps a tracking code encrypted and finds it by a keyed digest', async () => {
    const { row, trackingCode } = await filed(here);
    expect(Buffer.from(trackingCode, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    expect((await complaintByTrackingCode(here.database, here.vault, trackingCode))?.id).toBe(row.id);
    expect(await complaintByTrackingCode(here.database, here.vault, `${trackingCode.slice(0, -1)}!`)).toBeNull();
    expect((await here.vault.read([row.tracking])).get(row.tracking)).toBe(trackingCode);
  });

  it('makes digests of different purposes that cannot be compared', () => {
    expect(here.vault.digest('phone', '123')).toBe(here.vault.digest('phone', '123'));
    expect(here.vault.digest('phone', '123')).not.toBe(here.vault.digest('email', '123'));
  });

  it('leaves no plain text in any table', async () => {
    const mark = `Zmark${randomBytes(6).toString('hex')}`;
    const phone = '13912345678';
    const { row, trackingCode } = await filed(here, {
      text: `${mark} text`, key: `${mark}-idempotency`,
      given: { key: `${mark}-key`, name: `${mark} name`, phone, email: `${mark}@example.org`, address: `${mark} street`, handle: `@${mark}` },
    });
    const words = await here.vault.seal(row.customer, [{ ref: randomUUID(), text: `${mark} answer` }]);
    await takeIntent(here.database, { intent: asked(row.id, 'answer'), words, leaseMs: LEASE });
    const everything = await dump(here);
    expect(everything).toContain(row.id);
    for (const secret of [mark, mark.toLowerCase(), phone, trackingCode]) {
      expect(everything).not.toContain(secret);
      expect(everything).not.toContain(Buffer.from(secret).toString('hex'));
      expect(everything).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
  });
});

/** Every row of every table as text. */
async function dump({ database: { client } }: Place): Promise<string> {
  const tables = await client.$queryRaw<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;
  const rows = await Promise.all(tables.map(({ name }) => client.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`)));
  return rows.flat().map(({ row }) => row).join('\n');
}
