import pg from 'pg';
import { Prisma } from './generated/client.js';
import { migrationNames } from './migrate.js';

/** How a database stands to this version of Threefold. */
export interface Examination {
  /** as Postgres counts: 180004 is 18.4 */
  version: number;
  encoding: string;
  /** how its texts are compared; null: not told */
  locale: string | null;
  /** migrations of this version that are not applied */
  pending: string[];
  /** begun and not finished */
  failed: string[];
  /** applied by a newer version */
  unknown: string[];
  /** what the role may not do with Threefold's tables, such as `UPDATE words` */
  lacking: string[];
  /** it takes no writes: a standby, or told so */
  readOnly: boolean;
  /** settings that let it lose what it has committed, such as `fsync` */
  lax: string[];
  connections: { most: number; used: number };
  /** calendars of the policy that holds whose years end within half a year */
  ending: string[];
  /** the database's clock minus ours, in milliseconds */
  aheadMs: number;
}

const TIMEOUT_MS = 5000;

/** Looks at a database without changing it. Throws what the driver says where it cannot be reached. */
export async function examine(url: string): Promise<Examination> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const asked = Date.now();
    const [{ rows: [server] }, answered] = [await client.query<Server>(SERVER), Date.now()];
    if (!server) throw new Error('no answer');
    const { now, most, used, ...rest } = server;
    return {
      ...rest,
      ...(await migrationsOf(client)),
      lacking: await rightsLacking(client),
      ending: await calendarsEnding(client),
      connections: { most, used },
      aheadMs: Math.round(now - (asked + answered) / 2),
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Server {
  version: number;
  encoding: string;
  locale: string | null;
  readOnly: boolean;
  lax: string[];
  most: number;
  used: number;
  now: number;
}

const SERVER = `
  SELECT current_setting('server_version_num')::int AS version, pg_encoding_to_char(encoding) AS encoding, datcollate AS locale,
    pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS "readOnly",
    ARRAY(SELECT name FROM unnest(ARRAY['fsync', 'full_page_writes', 'synchronous_commit']) AS name WHERE current_setting(name) = 'off') AS lax,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,
    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS used,
    extract(epoch FROM clock_timestamp())::float8 * 1000 AS now
  FROM pg_database WHERE datname = current_database()`;

async function migrationsOf(client: pg.Client): Promise<Pick<Examination, 'pending' | 'failed' | 'unknown'>> {
  const ours = await migrationNames();
  if (!(await exists(client, '_prisma_migrations'))) return { pending: ours, failed: [], unknown: [] };
  const { rows } = await client.query<{ name: string; done: boolean }>(
    'SELECT migration_name AS name, finished_at IS NOT NULL AS done FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
  );
  const done = rows.filter((row) => row.done).map(({ name }) => name);
  return {
    pending: ours.filter((name) => !done.includes(name)),
    failed: rows.filter((row) => !row.done && !done.includes(row.name)).map(({ name }) => name),
    unknown: done.filter((name) => !ours.includes(name)),
  };
}

/** Each model's table is its name in lower case: VaultKey is vault_key. */
const tables = Object.values(Prisma.ModelName).map((name) => name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase());

/** What is only ever added to, and what is deleted from; all else is read, written and changed. */
const ADDED_TO: readonly string[] = ['event', 'investigation_event', 'policy', 'calendar', 'taxonomy', 'roster'];
const DELETED_FROM: readonly string[] = ['intent', 'vault_key', 'words'];

async function rightsLacking(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ right: string }>(
    `SELECT r || ' ' || t AS right FROM unnest($1::text[]) AS t, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS r
     WHERE to_regclass(t) IS NOT NULL AND (r <> 'UPDATE' OR t <> ALL($2::text[])) AND (r <> 'DELETE' OR t = ANY($3::text[]))
       AND NOT has_table_privilege(to_regclass(t), r) ORDER BY 1`,
    [tables, ADDED_TO, DELETED_FROM],
  );
  return rows.map(({ right }) => right);
}

async function calendarsEnding(client: pg.Client): Promise<string[]> {
  if (!(await exists(client, 'calendar'))) return [];
  const { rows } = await client.query<{ told: string }>(
    `SELECT c.name || ' (to ' || (c.calendar->'years'->>'to') || ')' AS told
     FROM (SELECT DISTINCT ON (name) name, calendar FROM calendar ORDER BY name, version DESC) c
     WHERE (c.calendar->'years'->>'to')::int < extract(year FROM now() + interval '180 days')
       AND strpos((SELECT policy::text FROM policy WHERE name = 'default' ORDER BY version DESC LIMIT 1), '"' || c.name || '"') > 0 ORDER BY 1`,
  );
  return rows.map(({ told }) => told);
}

async function exists(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  return rows[0]?.there ?? false;
}
