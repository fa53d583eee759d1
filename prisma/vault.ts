import { randomBytes } from 'node:crypto';
import type { WordsRef } from '../domain/event.js';
import { inBatches } from './batch.js';
import type { Database } from './database.js';
import { createMemory } from './memory.js';
import { keyedDigest, seal, subKey, unseal } from './sealing.js';
import { isId } from './subject.js';

/** What a keyed digest is for. Digests of different purposes can never be compared. */
export type DigestPurpose = 'customer-key' | 'phone' | 'email' | 'tracking' | 'idempotency' | 'body' | 'sub';

export interface Words {
  ref: WordsRef;
  text: string;
}

/** A row of `words` on its way into a transaction; JSON, with the cipher text as Postgres reads bytes (`\x…`). */
export interface SealedWords {
  ref: WordsRef;
  owner: string;
  sealed: string;
}

/** A row of `vault_key` on its way into a transaction. */
export interface WrappedKey {
  owner: string;
  wrapped: string;
}

/** The one place where words can be read: encrypted per customer and per investigation (spec: evidence, personal data). */
export interface Vault {
  /** A key for a new owner. It counts once its row is written; until then `seal` is handed it. */
  newKey(owner: string): WrappedKey;
  /**
   * Encrypts under the owner's key. Throws `KeyDestroyed` when the owner was erased or never had one.
   * @param fresh what `newKey` answered, where its row is not written yet: the owner is known by it however many keys came since
   */
  seal(owner: string, words: Words[], fresh?: WrappedKey): Promise<SealedWords[]>;
  /** The words behind each reference, in one query; null where the owner was erased or nothing is there. */
  read(refs: Iterable<WordsRef | null | undefined>): Promise<Map<WordsRef, string | null>>;
  /** Decrypts a row that some query brought along; null when its key is gone. */
  open(row: SealedRow): string | null;
  /** Destroys an owner's key: all their words are gone for good. False when it was gone already. */
  destroyKey(owner: string): Promise<boolean>;
  /** Whether the master key is the one that this database was begun with; true also while it holds nothing that could tell. */
  fits(): Promise<boolean>;
  /** Keyed digest for looking up what must not lie in plain. */
  digest(purpose: DigestPurpose, value: string): string;
}

export class KeyDestroyed extends Error {
  constructor(owner: string) {
    super(`the vault has no key of ${owner}`);
    this.name = 'KeyDestroyed';
  }
}

export interface VaultOptions {
  database: Database;
  /** 32 bytes; whoever has them and the database can read everything */
  masterKey: Buffer;
  /** how many unwrapped keys are kept in memory; 1000 unless told */
  keep?: number;
  /** how many characters of texts that were deciphered lately are, sealed and plain together; eight million unless told */
  keepTexts?: number;
}

/** A text that was deciphered from just these bytes. */
interface Opened {
  owner: string;
  sealed: string;
  text: string;
}

export function openVault({ database, masterKey, keep = 1000, keepTexts = 8_000_000 }: VaultOptions): Vault {
  if (masterKey.length !== 32) throw new RangeError(`the master key has ${masterKey.length} bytes, not 32`);
  const { query, execute } = database;
  const sealed = inBatches<string[], SealedRow[]>(readRows);
  const wrapping = subKey(masterKey, 'wrap');
  const digests = new Map<DigestPurpose, Buffer>();
  const keys = createMemory<Buffer>({ max: keep });
  const texts = createMemory<Opened>({ maxSize: keepTexts, sizeCalculation: ({ sealed, text }) => sealed.length + text.length });

  /** @param wrapped asked where the key is not known */
  function unwrap(owner: string, wrapped: () => Buffer): Buffer {
    const known = keys.get(owner);
    if (known) return known;
    const key = unseal(wrapping, owner, wrapped());
    keys.set(owner, key);
    return key;
  }

  async function keyOf(owner: string): Promise<Buffer> {
    const known = keys.get(owner);
    if (known) return known;
    const rows = isId(owner) ? await query<{ wrapped: string | null }>`SELECT encode(wrapped, 'base64') AS wrapped FROM vault_key WHERE owner = ${owner}::uuid` : [];
    const wrapped = rows[0]?.wrapped;
    if (!wrapped) throw new KeyDestroyed(owner);
    return unwrap(owner, () => Buffer.from(wrapped, 'base64'));
  }

  function open({ ref, owner, sealed, wrapped }: SealedRow): string | null {
    if (!wrapped) {
      keys.delete(owner);
      texts.delete(ref);
      return null;
    }
    const known = texts.get(ref);
    if (known?.sealed === sealed && known.owner === owner) return known.text;
    const key = unwrap(owner, () => Buffer.from(wrapped, 'base64'));
    const text = unseal(key, ref, Buffer.from(sealed, 'base64')).toString('utf8');
    texts.set(ref, { owner, sealed, text });
    return text;
  }

  return {
    newKey(owner) {
      const key = randomBytes(32);
      keys.set(owner, key);
      return { owner, wrapped: asBytes(seal(wrapping, owner, key)) };
    },

    async seal(owner, words, fresh) {
      if (words.length === 0) return [];
      const key = fresh ? unwrap(owner, () => ofBytes(fresh.wrapped)) : await keyOf(owner);
      return words.map(({ ref, text }) => ({ ref, owner, sealed: asBytes(seal(key, ref, Buffer.from(text, 'utf8'))) }));
    },

    async read(refs) {
      const wanted = [...new Set([...refs].filter((ref) => typeof ref === 'string'))];
      const found = new Map<WordsRef, string | null>(wanted.map((ref) => [ref, null]));
      const ids = wanted.filter(isId);
      if (ids.length === 0) return found;
      for (const row of await sealed(database, ids)) found.set(row.ref, open(row));
      return found;
    },

    open,

    async destroyKey(owner) {
      try {
        const done = await execute`
          UPDATE vault_key SET wrapped = NULL, destroyed_at = now() WHERE owner = ${owner}::uuid AND wrapped IS NOT NULL`;
        return done === 1;
      } finally {
        // not before: what is read meanwhile would be kept anew
        keys.delete(owner);
        for (const [ref, opened] of texts.entries()) if (opened.owner === owner) texts.delete(ref);
      }
    },

    async fits() {
      const [row] = await query<{ owner: string; wrapped: Buffer }>`SELECT owner, wrapped FROM vault_key WHERE wrapped IS NOT NULL LIMIT 1`;
      if (!row) return true;
      try {
        unseal(wrapping, row.owner, row.wrapped);
        return true;
      } catch {
        return false;
      }
    },

    digest(purpose, value) {
      let key = digests.get(purpose);
      if (!key) digests.set(purpose, (key = subKey(masterKey, `digest ${purpose}`)));
      return keyedDigest(key, value);
    },
  };
}

/**
 * Words as they lie in the database, with the key of their owner as it lies there; null when it is gone. Both in base64, which is left
 * as it is where the key is known already.
 */
export interface SealedRow {
  ref: string;
  owner: string;
  sealed: string;
  wrapped: string | null;
}

/** The key's row is read every time, so that a key destroyed by another process is gone here too. */
async function readRows({ query }: Database, wanted: string[][]): Promise<SealedRow[][]> {
  const rows = await query<SealedRow>`
    WITH said AS MATERIALIZED (SELECT ref, owner, sealed FROM words WHERE ref = ANY(ARRAY(SELECT unnest(${wanted.flat()}::uuid[]))))
    SELECT ref, said.owner, encode(sealed, 'base64') AS sealed, encode(wrapped, 'base64') AS wrapped
    FROM said JOIN vault_key k ON k.owner = said.owner WHERE k.owner = ANY(ARRAY(SELECT DISTINCT owner FROM said))`;
  const byRef = new Map(rows.map((row) => [row.ref, row]));
  return wanted.map((refs) => refs.flatMap((ref) => byRef.get(ref) ?? []));
}

function asBytes(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}

function ofBytes(text: string): Buffer {
  return Buffer.from(text.slice('\\x'.length), 'hex');
}
