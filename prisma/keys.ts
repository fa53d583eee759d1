import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../domain/time.js';
import { inBatches } from './batch.js';
import type { Database } from './database.js';
import type { ApiKeyModel } from './generated/models.js';

/** A channel's API key, without its secret. */
export interface ApiKey {
  id: string;
  /** who the channel is in events: opaque */
  sub: string;
  /** what it is called by those who made it */
  name: string;
  createdAt: Instant;
  revokedAt: Instant | null;
}

const FORM = /^tfk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** Makes a key. `key` (`tfk_<id>_<secret>`) is told once: only a digest of its 256 random bits is kept. */
export async function createKey({ client }: Database, name: string): Promise<ApiKey & { key: string }> {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const row = await client.apiKey.create({ data: { id, sub: `channel-${id}`, name, digest: digestOf(secret), created_at: new Date(), revoked_at: null } });
  return { ...keyOf(row), key: `tfk_${id}_${secret}` };
}

/** Whose key this is; null when it is none, or revoked. */
export async function findKey(database: Database, key: string): Promise<ApiKey | null> {
  const [, id, secret] = FORM.exec(key) ?? [];
  if (id === undefined || secret === undefined) return null;
  const row = await keyById(database, id);
  if (!row || row.revoked_at || !timingSafeEqual(Buffer.from(row.digest), Buffer.from(digestOf(secret)))) return null;
  return keyOf(row);
}

/** Asked for at each request of a channel, so that a revoked one is refused at once; by all that come at one moment in one statement. */
const keyById = inBatches<string, ApiKeyModel | null>(async ({ query }, ids) => {
  const rows = await query<ApiKeyModel>`
    SELECT id, sub, name, digest, created_at, revoked_at FROM api_key WHERE id = ANY(ARRAY(SELECT unnest(${[...new Set(ids)]}::text[])))`;
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
});

/** False when there is no such key, or it is revoked already. */
export async function revokeKey({ client }: Database, id: string): Promise<boolean> {
  const { count } = await client.apiKey.updateMany({ where: { id, revoked_at: null }, data: { revoked_at: new Date() } });
  return count === 1;
}

/** Every key, the latest first. */
export async function listKeys({ client }: Database): Promise<ApiKey[]> {
  return (await client.apiKey.findMany({ orderBy: { created_at: 'desc' } })).map(keyOf);
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function keyOf({ id, sub, name, created_at, revoked_at }: ApiKeyModel): ApiKey {
  return { id, sub, name, createdAt: created_at.toISOString(), revokedAt: revoked_at?.toISOString() ?? null };
}
