import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerById, customerByKey } from '../../prisma/customers.js';
import { normalPhone, type Given } from '../../prisma/identity.js';
import { ann, file, filed, place, web, type Place } from './given.js';

let here: Place;
let second: Place;
beforeAll(async () => {
  here = await place();
  second = await place(here.url, here.masterKey);
});
afterAll(() => Promise.all([here.database.close(), second.database.close()]));

const by = async (given: Given, actor = web) => (await filed(here, { given, actor })).row.customer;

describe('a customer is found by key, else by phone or e-mail, else is new (spec: api, general)', () => {
  const cases: { what: string; first: Given; then: Given; same: boolean }[] = [
    { what: 'the same key', first: { key: 'A-1' }, then: { key: 'A-1', phone: '13800000001' }, same: true },
    { what: 'the same phone in another spelling', first: { phone: '+86 138-0000-0002' }, then: { phone: '138 0000 0002' }, same: true },
    { what: 'the same e-mail in other letters', first: { email: 'Li.Na@Example.org' }, then: { email: ' li.na@example.org' }, same: true },
    { what: 'a phone first, then the key and the phone', first: { phone: '13800000003' }, then: { key: 'A-3', phone: '13800000003' }, same: true },
    { what: 'another key on a shared phone', first: { key: 'A-4', phone: '13800000004' }, then: { key: 'A-5', phone: '13800000004' }, same: false },
    { what: 'a handle only', first: { handle: '@na' }, then: { handle: '@na' }, same: false },
    { what: 'an address only', first: { address: '1 Long Road' }, then: { address: '1 Long Road' }, same: false },
  ];
  it.each(cases)('$what: same customer $same', async ({ first, then, same }) => {
    const [one, two] = [await by(first), await by(then)];
    expect(one === two).toBe(same);
  });

  it('is found by what a later filing filled in', async () => {
    const id = await by({ key: 'B-1' });
    expect(await by({ key: 'B-1', email: 'b1@example.org' })).toBe(id);
    expect(await by({ email: 'b1@example.org' })).toBe(id);
  });

  it('keeps what leads to them, and to nobody else, when they say something new though they share a phone', async () => {
    const phone = '13800000008';
    const first = await by({ key: 'S-1', phone });
    const second = await by({ key: 'S-2', phone });
    expect(await by({ key: 'S-2', email: 's2@example.org' })).toBe(second);
    expect(await by({ key: 'S-2', name: 'Wang Wu' }, ann)).toBe(second);
    expect([await by({ phone }), await by({ email: 's2@example.org' })]).toEqual([first, second]);
  });

  it('is one customer when many file for somebody new at once', async () => {
    const given = { key: `R-${randomUUID()}`, phone: '13800000099', email: 'race@example.org' };
    const rows = await Promise.all(Array.from({ length: 10 }, (_, i) => filed(i % 2 ? here : second, { given: i % 3 ? given : { phone: given.phone } })));
    expect(new Set(rows.map(({ row }) => row.customer)).size).toBe(1);
  });
});

describe('many who file at one moment', () => {
  const people = Array.from({ length: 12 }, (_, i): Given[] => [
    { key: `M-${String(i)}`, phone: `139000000${String(10 + i)}`, email: `m${String(i)}@example.org` },
    { key: `M-${String(i)}` }, { phone: `139000000${String(10 + i)}` }, { email: `m${String(i)}@example.org` },
  ]);

  it('are each found as themselves, all of them in a statement or two', async () => {
    const known = await Promise.all(people.map(([whole = {}]) => by(whole)));
    expect(new Set(known).size).toBe(people.length);
    here.statements.length = 0;
    const again = await Promise.all(people.map((ways, i) => by(ways[1 + (i % 3)] ?? {})));
    expect(again).toEqual(known);
    expect(here.statements.filter((sql) => sql.includes('phone_digest = d')).length).toBeLessThanOrEqual(2);
  });
});

describe('what is known of a customer (L1.3)', () => {
  it('is filled in but never overwritten by a channel', async () => {
    await by({ key: 'C-1', name: 'Li Na' });
    await by({ key: 'C-1', name: 'Somebody Else', address: '2 Short Road', important: true });
    expect((await customerByKey(here.database, here.vault, 'C-1'))?.identity).toMatchObject({ name: 'Li Na', address: '2 Short Road', important: false });
  });

  it('is corrected by staff, and found by what was corrected', async () => {
    const id = await by({ key: 'D-1', name: 'Li Na', phone: '13800000005' });
    await by({ key: 'D-1', name: 'Li Nan', phone: '13800000006', important: true }, ann);
    expect((await customerByKey(here.database, here.vault, 'D-1'))?.identity).toMatchObject({ name: 'Li Nan', phone: '13800000006', important: true });
    expect(await by({ phone: '13800000006' })).toBe(id);
    expect(await by({ phone: '13800000005' })).not.toBe(id);
  });

  it('is no address to write to when a channel gave it for somebody whose number it knew, until staff confirm it', async () => {
    const at = async (phone: string) => {
      const row = await here.database.client.customer.findFirstOrThrow({ where: { phone_digest: here.vault.digest('phone', phone) } });
      return (await customerById(here.database, here.vault, row.id))?.identity;
    };
    const [phone, email] = ['13800000009', 'evil@example.org'];
    const id = await by({ phone }, ann);
    expect(await by({ phone, email })).toBe(id);
    expect(await at(phone)).toMatchObject({ email, emailUnconfirmed: true });
    expect(await by({ email })).toBe(id);
    expect(await at(phone)).toMatchObject({ email, emailUnconfirmed: true });
    // by itself it says nothing, however it is written
    for (const same of [email, 'Evil@Example.org']) await by({ email: same }, ann);
    expect(await at(phone)).toMatchObject({ email: 'Evil@Example.org', emailUnconfirmed: true });
    await by({ phone, email }, ann);
    expect(await at(phone)).not.toHaveProperty('emailUnconfirmed');
    const own = await by({ phone: '13800000010', email: 'new@example.org' });
    expect(await at('13800000010')).not.toHaveProperty('emailUnconfirmed');
    await by({ key: 'C-2' });
    await by({ key: 'C-2', email: 'c2@example.org' });
    expect((await customerByKey(here.database, here.vault, 'C-2'))?.identity).not.toHaveProperty('emailUnconfirmed');
    // nor does a key that was taken on the same word
    const other = await by({ phone: '13800000011' }, ann);
    for (const claim of [{ key: 'X-1', phone: '13800000011' }, { key: 'X-1', email: 'evil2@example.org' }]) expect(await by(claim)).toBe(other);
    expect(await at('13800000011')).toMatchObject({ emailUnconfirmed: true, keyUnconfirmed: true });
    // not even when staff serve whoever has that key
    await by({ key: 'X-1', email: 'evil2@example.org' }, ann);
    expect(await at('13800000011')).toMatchObject({ emailUnconfirmed: true, keyUnconfirmed: true });
    await by({ key: 'X-1', phone: '13800000011', email: 'evil2@example.org' }, ann);
    expect(await at('13800000011')).toMatchObject({ key: 'X-1', email: 'evil2@example.org' });
    for (const flag of ['emailUnconfirmed', 'keyUnconfirmed']) expect(await at('13800000011')).not.toHaveProperty(flag);
    expect(own).not.toBe(other);
  });

  it('loses no correction when several are made at once', async () => {
    await by({ key: 'E-1' });
    const parts: Given[] = [{ name: 'Li Na' }, { phone: '13800000007' }, { email: 'e1@example.org' }, { address: '3 Lane' }, { handle: '@e1' }];
    await Promise.all(parts.map((part, i) => file(i % 2 ? here : second, { given: { key: 'E-1', ...part }, actor: ann })));
    expect((await customerByKey(here.database, here.vault, 'E-1'))?.identity).toEqual({
      key: 'E-1', name: 'Li Na', phone: '13800000007', email: 'e1@example.org', address: '3 Lane', handle: '@e1', important: false,
    });
  });

  it('is not touched by a filing whose key was used before', async () => {
    const key = randomUUID();
    await file(here, { given: { key: 'F-1', name: 'Li Na' }, key, actor: ann });
    expect(await file(here, { given: { key: 'F-1', name: 'Other' }, key, actor: ann })).toMatchObject({ filed: false });
    expect((await customerByKey(here.database, here.vault, 'F-1'))?.identity.name).toBe('Li Na');
  });

  it('is not found any more once erased', async () => {
    const id = await by({ key: 'G-1', name: 'Li Na' });
    await here.vault.destroyKey(id);
    expect(await customerByKey(here.database, here.vault, 'G-1')).toBeNull();
    expect(await by({ key: 'G-1' })).not.toBe(id);
  });
});

describe('telephone numbers are compared as digits', () => {
  it.each([
    ['+86 138-0013-8000', '13800138000'],
    ['0086 13800138000', '13800138000'],
    ['１３８００１３８０００', '13800138000'],
    ['+1 (555) 123-4567', '15551234567'],
    ['010-8888 8888', '01088888888'],
    ['ask my wife', null],
  ])('%s is %s', (phone, normal) => {
    expect(normalPhone(phone)).toBe(normal);
  });
});
