import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { isDatabaseAway } from './away.js';
import { Prisma, PrismaClient } from './generated/client.js';
import { statementOf } from './statement.js';

/** Runs one SQL statement, written as a tagged template whose values become parameters, and answers its rows. */
export type Query = <Row>(strings: TemplateStringsArray, ...values: unknown[]) => Promise<Row[]>;

/** A pool of connections to Threefold's own Postgres. Every call has a timeout: a database can hang as well as refuse. */
export interface Database {
  /**
   * One statement, so one transaction, straight through the driver and prepared where its text is always the same: the way of
   * everything that a request waits for. (The client costs about as much again as the statement itself: docs/performance.md.)
   *
   * A prepared statement keeps its plan, whatever its tables and indexes come to hold. So rows are found by `= ANY(ARRAY(SELECT …))`, which
   * Postgres takes for ten of them whatever comes, and not by a join with a set of JSON, which it takes for a hundred and goes through the
   * table; and an intent whose id is known by `state <> 'done'`, which the index of open ones cannot serve (tests/prisma/plans.test.ts).
   */
  query: Query;
  /** the same for a statement whose rows nobody reads; answers how many there were */
  execute(strings: TemplateStringsArray, ...values: unknown[]): Promise<number>;
  /** several statements in one transaction; what `work` throws takes all of it back */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Prisma's own client, for what is asked seldom */
  client: PrismaClient;
  /** its connections, and how many callers wait for one */
  pool(): { total: number; idle: number; waiting: number };
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** connections at most; 10 unless told */
  poolSize?: number;
  /** after how many milliseconds a statement is given up; 10 s unless told */
  timeoutMs?: number;
  /** sees the SQL of each statement on its way to the driver, `BEGIN` and `COMMIT` included */
  onStatement?: (sql: string) => void;
  /** runs each statement: what traces are made of */
  around?: Around | undefined;
}

/** Runs a statement, and may do something before and after it; it is handed the SQL, never its values. */
export type Around = <T>(sql: string, run: () => Promise<T>) => Promise<T>;

/** Opens the database at `url` (`postgresql://…`). Connects when first used. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, poolSize = 10, timeoutMs = 10_000, onStatement, around = unobserved } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    // the server's own timeout is the kinder one; this is for a server that does not answer at all
    query_timeout: timeoutMs + 1000,
    idle_in_transaction_session_timeout: timeoutMs,
    keepAlive: true,
  });
  // an idle connection that breaks is replaced by the pool; without a listener it would end the process
  pool.on('error', () => undefined);
  const client = new PrismaClient({
    adapter: new PrismaPg(pool, {
      // Asked for a name of each statement: the one place that sees them all on this way. None gets one.
      statementNameGenerator: ({ sql }) => {
        onStatement?.(sql);
        return '';
      },
    }),
    // a message of Prisma's would else quote the source around the call
    errorFormat: 'minimal',
    transactionOptions: { maxWait: timeoutMs, timeout: timeoutMs },
  });

  async function run(on: Pick<pg.Pool, 'query'>, strings: TemplateStringsArray, values: readonly unknown[]): Promise<pg.QueryResult> {
    const statement = statementOf(strings, values);
    onStatement?.(statement.text);
    try {
      return await around(statement.text, (): Promise<pg.QueryResult> => on.query(statement));
    } catch (error) {
      if (!isPlanOfOld(error)) throw error;
      return on.query({ text: statement.text, values: statement.values });
    }
  }

  function rowsOn(on: Pick<pg.Pool, 'query'>): Query {
    return async <Row>(strings: TemplateStringsArray, ...values: unknown[]) => {
      const { rows }: { rows: Row[] } = await run(on, strings, values);
      return rows;
    };
  }

  async function transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const connection = await pool.connect();
    const say = (text: 'BEGIN' | 'COMMIT' | 'ROLLBACK') => {
      onStatement?.(text);
      return connection.query(text);
    };
    try {
      await say('BEGIN');
      const done = await work(rowsOn(connection));
      await say('COMMIT');
      connection.release();
      return done;
    } catch (error) {
      // a connection that is lost, or cannot even take back what it did, is not used again: then Postgres takes it back itself
      if (isDatabaseAway(error) && !(error instanceof pg.DatabaseError)) connection.release(true);
      else await say('ROLLBACK').then(() => { connection.release(); }, () => { connection.release(true); });
      throw error;
    }
  }

  return {
    query: rowsOn(pool),
    execute: async (strings, ...values) => (await run(pool, strings, values)).rowCount ?? 0,
    transaction,
    client,
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
}

const unobserved: Around = (_sql, run) => run();

/** True when `error` is Postgres's refusal of a second row under a unique index, of `index` if named. */
export function isDuplicate(error: unknown, index?: string): boolean {
  if (error instanceof pg.DatabaseError) return error.code === '23505' && (index === undefined || (error.constraint ?? '').includes(index));
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const told = JSON.stringify(error.meta ?? {});
  return told.includes('UniqueConstraintViolation') && (index === undefined || told.includes(index));
}

/** A migration beside a running process has changed the columns that a prepared statement answers: it is asked without its plan. */
function isPlanOfOld(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '0A000' && error.message.includes('cached plan');
}
