import { calendarNamesOf } from '../domain/policy/budgets.js';
import type { Policy } from '../domain/policy/schema.js';
import type { Instant } from '../domain/time.js';
import { inBatches } from './batch.js';
import type { Database } from './database.js';
import { publishAndRead, type PublishKey } from './publishing.js';

/** A published version of a policy. It is never changed: cases pin it. */
export interface PolicyVersion {
  name: string;
  version: number;
  policy: Policy;
  publishedBy: string;
  publishedAt: Instant;
}

/** The name under which a policy is the one that holds. */
export const CURRENT = 'default';

interface Row extends Omit<PolicyVersion, 'publishedAt'> {
  publishedAt: Date;
}

/** Publishes the next version under the policy's name. */
export async function publishPolicy(database: Database, policy: Policy, by: string): Promise<PolicyVersion>;
/** As `publish` does it under a key. */
export async function publishPolicy(database: Database, policy: Policy, by: string, key: PublishKey | null): Promise<PolicyVersion | 'reused'>;
export async function publishPolicy(database: Database, policy: Policy, by: string, key: PublishKey | null = null): Promise<PolicyVersion | 'reused'> {
  return publishAndRead(database, { kind: 'policy', name: policy.name, content: policy, by }, key, pinnedPolicy);
}

/** One version, the latest under its name unless told; null when there is none. */
export async function policyByName({ query }: Database, name: string, version: number | null = null): Promise<PolicyVersion | null> {
  const [row] = await query<Row>`
    SELECT name, version, policy, published_by AS "publishedBy", published_at AS "publishedAt" FROM policy
    WHERE name = ${name} AND version = coalesce(${version}::int, version) ORDER BY version DESC LIMIT 1`;
  return row ? versionOf(row) : null;
}

/** The latest version of every policy that names a calendar. */
export async function policiesNaming({ query }: Database, calendar: string): Promise<Policy[]> {
  const rows = await query<{ policy: Policy }>`SELECT DISTINCT ON (name) policy FROM policy ORDER BY name, version DESC`;
  return rows.map(({ policy }) => policy).filter((policy) => calendarNamesOf(policy).includes(calendar));
}

/** The policy that new cases are opened under: the latest version of the name `default`. */
export async function currentPolicy(database: Database): Promise<PolicyVersion> {
  const version = await latestVersion(database, CURRENT);
  if (version === null) throw new Error('no policy is published: the database is not migrated');
  return pinnedPolicy(database, CURRENT, version);
}

/** Asked for at each intake, so that a version counts from when it is published; by all that come at one moment in one statement. */
const latestVersion = inBatches<string, number | null>(async ({ query }, asked) => {
  const rows = await query<{ name: string; version: number }>`
    SELECT name, max(version) AS version FROM policy WHERE name = ANY(ARRAY(SELECT unnest(${[...new Set(asked)]}::text[]))) GROUP BY name`;
  const latest = new Map(rows.map(({ name, version }) => [name, version]));
  return asked.map((name) => latest.get(name) ?? null);
});

/** A version that is known to be there, as a case pins it: it never changes, so it is read once. */
export async function pinnedPolicy(database: Database, name: string, version: number): Promise<PolicyVersion> {
  const versions = kept.get(database) ?? new Map<string, PolicyVersion>();
  kept.set(database, versions);
  const key = `${String(version)} ${name}`;
  const found = versions.get(key) ?? (await policyByName(database, name, version));
  if (!found) throw new Error(`there is no version ${String(version)} of policy ${name}`);
  if (versions.size >= MOST_KEPT) versions.clear();
  versions.set(key, found);
  return found;
}

const kept = new WeakMap<Database, Map<string, PolicyVersion>>();
/** Each is about four kilobytes. */
const MOST_KEPT = 500;

function versionOf(row: Row): PolicyVersion {
  return { ...row, publishedAt: row.publishedAt.toISOString() };
}
