import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from './generated/client.js';

/** A pool of connections to Threefold's own Postgres. Every call has a timeout: a database can hang as well as refuse. */
export interface Database {
  client: PrismaClient;
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
}

/** Opens the database at `url` (`postgresql://…`). Connects when first used. */
export function openDatabase({ url, poolSize = 10, timeoutMs = 10_000, onStatement }: DatabaseOptions): Database {
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
      // Asked for a name of each statement: the one place at the driver that sees them all. None gets one, so that a
      // migration beside a running process meets no plan of old, and a pooler in between no statement it does not know.
      statementNameGenerator: ({ sql }) => {
        onStatement?.(sql);
        return '';
      },
    }),
    // a message of Prisma's would else quote the source around the call
    errorFormat: 'minimal',
    transactionOptions: { maxWait: timeoutMs, timeout: timeoutMs },
  });
  return {
    client,
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
}

/** True when `error` is Postgres's refusal of a second row under a unique index, of `index` if named. */
export function isDuplicate(error: unknown, index?: string): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const told = JSON.stringify(error.meta ?? {});
  return told.includes('UniqueConstraintViolation') && (index === undefined || told.includes(index));
}
