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
/** The engine's own, for the session of a migration. */
const ENGINES_LOCK = 72_707_369;

/**
 * Brings the database at `url` to this version: migrations that are not applied yet, then the seeds. Answers the names of
 * the migrations it applied; none when there was nothing to do. Safe to call from several processes at once, and again, also after
 * it was cut off. Throws `MigrationFailed`.
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
  const migrations = await migrationsIn(folder);
  const adapters = new WholeOrNot(pool, new Map(migrations.map(({ path, migrationFile }) => [migrationFile.content.value, path])));
  const engine = await openSchemaEngine(adapters);
  try {
    // one that still runs, though who sent it has died, is waited for: what it has done is not thrown away
    await pool.query('SELECT pg_advisory_lock($1)', [ENGINES_LOCK]);
    await forgetInterrupted(pool);
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: {
        baseDir: folder,
        lockfile: { path: 'migration_lock.toml', content: await readFile(`${folder}migration_lock.toml`, 'utf8') },
        shadowDbInitScript: '',
        migrationDirectories: migrations,
      },
      filters: { externalTables: [], externalEnums: [] },
    });
    return appliedMigrationNames;
  } catch (error) {
    // the engine only says that something failed
    throw adapters.failure ?? error;
  } finally {
    engine.free();
    // the engine takes a lock of its own for its session, and leaves it to the session's end
    await pool.end();
  }
}

/** A script of this version that Postgres refuses, or did not get to the end of. Nothing of it is there. */
export class MigrationFailed extends Error {
  constructor(name: string, override readonly cause: unknown) {
    super(`The migration ${name} was not applied: ${cause instanceof Error ? cause.message : String(cause)}`);
    this.name = 'MigrationFailed';
  }
}

/**
 * The adapter runs each statement of a script by itself, and the engine notes afterwards that it is done: a process that dies in between
 * would leave half a migration, and one that nobody may finish. Here a script is one transaction, with the note in it.
 */
class WholeOrNot extends PrismaPg {
  failure: MigrationFailed | null = null;

  /** @param names of migrations by their scripts */
  constructor(private readonly pool: pg.Pool, private readonly names: ReadonlyMap<string, string>) {
    super(pool);
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      const name = this.names.get(script);
      const noted = name === undefined ? '' : `;
        DO $note$ BEGIN
          UPDATE _prisma_migrations SET finished_at = now() WHERE migration_name = '${name}' AND finished_at IS NULL AND rolled_back_at IS NULL;
          IF NOT FOUND THEN RAISE EXCEPTION 'it was given up meanwhile'; END IF;
        END $note$`;
      try {
        await this.pool.query(`${script}${noted}`);
      } catch (error) {
        if (name !== undefined) this.failure = new MigrationFailed(name, error);
        throw error;
      }
    };
    return adapter;
  }
}

/** One that was begun, runs no more and is not noted as done has done nothing, and is begun anew: the engine would refuse to for ever. */
async function forgetInterrupted(pool: pg.Pool): Promise<void> {
  const { rows: [there] } = await pool.query<{ known: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known`);
  if (there?.known) await pool.query('UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL');
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
