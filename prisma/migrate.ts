import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { openDatabase } from './database.js';
import { openSchemaEngine } from './engine.js';
import { seed } from './seeds.js';

const folder = fileURLToPath(new URL('./migrations/', import.meta.url));

/** One number for "migrating Threefold", so that processes that start at once do it one after another. */
const LOCK = 3_333_001;

/**
 * Brings the database at `url` to this version: migrations that are not applied yet, then the seeds. Answers the names of
 * the migrations it applied; none when there was nothing to do. Safe to call from several processes at once, and again.
 */
export async function migrate(url: string): Promise<string[]> {
  return alone(url, async () => {
    const applied = await applyMigrations(url);
    const database = openDatabase({ url, poolSize: 1 });
    try {
      await seed(database);
    } finally {
      await database.close();
    }
    return applied;
  });
}

async function applyMigrations(url: string): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 });
  const engine = await openSchemaEngine(new PrismaPg(pool));
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: {
        baseDir: folder,
        lockfile: { path: 'migration_lock.toml', content: await readFile(`${folder}migration_lock.toml`, 'utf8') },
        shadowDbInitScript: '',
        migrationDirectories: await migrationsIn(folder),
      },
      filters: { externalTables: [], externalEnums: [] },
    });
    return appliedMigrationNames;
  } finally {
    engine.free();
    // the engine takes a lock of its own for its session, and leaves it to the session's end
    await pool.end();
  }
}

/** The names of this version's migrations, oldest first. */
export async function migrationNames(base = folder): Promise<string[]> {
  const entries = await readdir(base, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

async function migrationsIn(base: string) {
  return Promise.all((await migrationNames(base)).map(async (path) => ({
    path,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: await readFile(`${base}${path}/migration.sql`, 'utf8') } },
  })));
}

/** Does `work` while no other process does it on the same database. */
async function alone<T>(url: string, work: () => Promise<T>): Promise<T> {
  const connection = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, statement_timeout: 120_000 });
  await connection.connect();
  try {
    await connection.query('SELECT pg_advisory_lock($1)', [LOCK]);
    return await work();
  } finally {
    // the lock ends with its connection
    await connection.end();
  }
}
