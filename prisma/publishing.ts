import { randomUUID } from 'node:crypto';
import type { Policy } from '../domain/policy/schema.js';
import { isDuplicate, type Database } from './database.js';
import { policyByName, publishPolicy, type PolicyVersion } from './policies.js';

/** Keyed digests of an Idempotency-Key and of the body it came with. */
export interface PublishKey {
  digest: string;
  body: string;
}

/**
 * Publishes under an Idempotency-Key: version and key in one statement, so that a repeat, also after a crash, is answered with the
 * version it made. `reused` when the key came with another body.
 */
export async function publishPolicyOnce(database: Database, policy: Policy, by: string, key: PublishKey | null): Promise<PolicyVersion | 'reused'> {
  if (key === null) return publishPolicy(database, policy, by);
  for (;;) {
    const written = await insert(database, policy, by, key);
    if (written === 'overtaken') continue;
    const [used] = await database.query<{ body: string | null; name: string; version: number }>`
      SELECT body_digest AS body, sent->>'name' AS name, version FROM intent WHERE key_digest = ${key.digest}`;
    if (used && used.body !== key.body) return 'reused';
    const published = used ? await policyByName(database, used.name, used.version) : null;
    if (published) return published;
    throw new Error('a policy was published and is not there');
  }
}

/** `overtaken` when somebody published the same version at the same moment: nothing was written then, the key neither. */
async function insert({ execute }: Database, policy: Policy, by: string, key: PublishKey): Promise<'done' | 'overtaken'> {
  try {
    await execute`
      WITH taken AS (
        INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state, lease_until, created_at, done_at)
        SELECT ${randomUUID()}, 'command', 'policy', ${randomUUID()}::uuid, 'publish', ${by}, ${key.digest}, ${key.body},
          jsonb_build_object('name', ${policy.name}::text), coalesce(max(version), 0) + 1, 'done', now(), now(), now()
        FROM policy WHERE name = ${policy.name}
        ON CONFLICT (key_digest) DO NOTHING RETURNING version)
      INSERT INTO policy (name, version, policy, published_by, published_at)
      SELECT ${policy.name}, taken.version, ${JSON.stringify(policy)}::jsonb, ${by}, now() FROM taken`;
    return 'done';
  } catch (error) {
    if (isDuplicate(error)) return 'overtaken';
    throw error;
  }
}
