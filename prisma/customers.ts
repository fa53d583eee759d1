import { randomUUID } from 'node:crypto';
import type { WordsRef } from '../domain/event.js';
import { inBatches } from './batch.js';
import type { Database } from './database.js';
import { Prisma } from './generated/client.js';
import { identityOf, merged, normalEmail, normalPhone, parseIdentity, type Given, type Identity } from './identity.js';
import { isId } from './subject.js';
import type { SealedRow, SealedWords, Vault, WrappedKey } from './vault.js';

/** Keyed digests under which a customer is found. */
export interface Lookups {
  key_digest: string | null;
  phone_digest: string | null;
  email_digest: string | null;
}

/** Who files, and what has to be written for it: rows as JSON, none when nothing is new. */
export interface Customer {
  id: string;
  identity: Identity;
  /** where the identity lies in the vault */
  ref: WordsRef;
  created: { key: WrappedKey; row: Lookups & { id: string; identity: WordsRef; revision: number }; words: SealedWords } | null;
  changed: (Lookups & { id: string; revision: number; sealed: string }) | null;
}

interface CustomerRow extends Lookups, Omit<SealedRow, 'ref'> {
  id: string;
  identity: WordsRef;
  revision: number;
}

const columns = Prisma.sql`c.id, c.identity, c.revision, c.key_digest, c.phone_digest, c.email_digest, w.owner,
  encode(w.sealed, 'base64') AS sealed, encode(k.wrapped, 'base64') AS wrapped`;
const joined = Prisma.sql`customer c JOIN words w ON w.ref = c.identity JOIN vault_key k ON k.owner = w.owner`;

/**
 * Finds who is meant, by key, else by phone, else by e-mail; else somebody new. Somebody known under another key is somebody
 * else, though the phone be the same. A number or address leads to the customer who had it first. Writes nothing: intake does.
 */
export async function findCustomer(database: Database, vault: Vault, given: Given, byStaff: boolean): Promise<Customer> {
  const sought = lookupsOf(vault, identityOf(given));
  const rows = await everyoneUnder(database, sought);
  const living = rows.filter((row) => row.wrapped !== null);
  const other = (row: CustomerRow): boolean => sought.key_digest !== null && row.key_digest !== null;
  const found = living.find((row) => same(row, sought, 'key_digest'))
    ?? living.find((row) => same(row, sought, 'phone_digest') && !other(row))
    ?? living.find((row) => same(row, sought, 'email_digest') && !other(row));
  return found ? known(vault, found, rows, given, byStaff) : someoneNew(vault, sought, rows, given, byStaff);
}

/**
 * Everybody whom one of these leads to; asked for by all intakes of one moment in one statement. One look into an index for each digest:
 * by `= ANY` of them, a plan from when the table was small goes through all of it for as long as it is kept. Postgres takes each set for
 * ten, whatever comes. A customer's words are found by their owner, who is the customer.
 */
const everyoneUnder = inBatches<Lookups, CustomerRow[]>(async ({ query }, all) => {
  const digests = (name: keyof Lookups) => all.flatMap((one) => one[name] ?? []);
  const rows = await query<CustomerRow>`
    WITH found AS (
      SELECT u.id FROM unnest(ARRAY(SELECT unnest(${digests('key_digest')}::text[]))) d, LATERAL (SELECT id FROM customer WHERE key_digest = d LIMIT 1) u
      UNION
      SELECT u.id FROM unnest(ARRAY(SELECT unnest(${digests('phone_digest')}::text[]))) d, LATERAL (SELECT id FROM customer WHERE phone_digest = d LIMIT 1) u
      UNION
      SELECT u.id FROM unnest(ARRAY(SELECT unnest(${digests('email_digest')}::text[]))) d, LATERAL (SELECT id FROM customer WHERE email_digest = d LIMIT 1) u),
    c AS MATERIALIZED (SELECT * FROM customer WHERE id = ANY(ARRAY(SELECT id FROM found)))
    SELECT ${columns} FROM c JOIN words w ON w.ref = c.identity JOIN vault_key k ON k.owner = w.owner
    WHERE w.ref = ANY(ARRAY(SELECT identity FROM c)) AND k.owner = ANY(ARRAY(SELECT id FROM c))`;
  return all.map((one) => rows.filter((row) => ways.some((name) => same(row, one, name))));
});

const ways = ['key_digest', 'phone_digest', 'email_digest'] as const satisfies readonly (keyof Lookups)[];

/** A customer that a case names: for a message after the close. Null when there is none, or erased. */
export async function customerById({ query }: Database, vault: Vault, id: string): Promise<Customer | null> {
  return stored(vault, isId(id) ? await query<CustomerRow>`
    SELECT ${columns} FROM ${joined} WHERE c.id = ${id}::uuid` : []);
}

/** The customer with this key; null when there is none, or erased. */
export async function customerByKey({ query }: Database, vault: Vault, key: string): Promise<Customer | null> {
  return stored(vault, await query<CustomerRow>`
    SELECT ${columns} FROM ${joined} WHERE c.key_digest = ${vault.digest('customer-key', key.trim())}`);
}

function stored(vault: Vault, [row]: CustomerRow[]): Customer | null {
  const identity = row ? identityIn(vault, row) : null;
  return row && identity ? { id: row.id, identity, ref: row.identity, created: null, changed: null } : null;
}

async function known(vault: Vault, row: CustomerRow, all: CustomerRow[], given: Given, byStaff: boolean): Promise<Customer> {
  const before = identityIn(vault, row) ?? identityOf({});
  const identity = merged(before, given, { byStaff, isNew: false });
  if (!identity) return { id: row.id, identity: before, ref: row.identity, created: null, changed: null };
  const words = await sealed(vault, row.id, row.identity, identity);
  const [were, wanted] = [lookupsOf(vault, before), lookupsOf(vault, identity)];
  const free = unclaimed(wanted, all.filter((one) => one.id !== row.id));
  // what has not changed stands as it stood: it may lead to somebody else, who had it first and was not asked for now
  const lookup = (name: keyof Lookups): string | null => (wanted[name] === were[name] ? row[name] : free[name]);
  const lookups: Lookups = { key_digest: lookup('key_digest'), phone_digest: lookup('phone_digest'), email_digest: lookup('email_digest') };
  const changed = { id: row.id, revision: row.revision, sealed: words.sealed, ...lookups };
  return { id: row.id, identity, ref: row.identity, created: null, changed };
}

async function someoneNew(vault: Vault, sought: Lookups, rows: CustomerRow[], given: Given, byStaff: boolean): Promise<Customer> {
  const id = randomUUID();
  const ref = randomUUID();
  const key = vault.newKey(id);
  const identity = identityOf(given, byStaff);
  const words = await sealed(vault, id, ref, identity, key);
  return { id, identity, ref, created: { key, row: { id, identity: ref, revision: 1, ...unclaimed(sought, rows) }, words }, changed: null };
}

async function sealed(vault: Vault, owner: string, ref: WordsRef, identity: Identity, fresh?: WrappedKey): Promise<SealedWords> {
  const [words] = await vault.seal(owner, [{ ref, text: JSON.stringify(identity) }], fresh);
  if (!words) throw new Error('the vault sealed nothing');
  return words;
}

function identityIn(vault: Vault, row: CustomerRow): Identity | null {
  return parseIdentity(vault.open({ ...row, ref: row.identity }));
}

function lookupsOf(vault: Vault, { key, phone, email }: Identity): Lookups {
  const digest = (purpose: 'customer-key' | 'phone' | 'email', value: string | null): string | null => (value === null ? null : vault.digest(purpose, value));
  return {
    key_digest: digest('customer-key', key),
    phone_digest: digest('phone', phone === null ? null : normalPhone(phone)),
    email_digest: digest('email', email === null ? null : normalEmail(email)),
  };
}

/** Without what leads to somebody else already. */
function unclaimed(lookups: Lookups, others: Lookups[]): Lookups {
  const free = (name: keyof Lookups): string | null => (others.some((other) => same(other, lookups, name)) ? null : lookups[name]);
  return { key_digest: free('key_digest'), phone_digest: free('phone_digest'), email_digest: free('email_digest') };
}

function same(a: Lookups, b: Lookups, name: keyof Lookups): boolean {
  return a[name] !== null && a[name] === b[name];
}
