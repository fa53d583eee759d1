import { connect, type LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from '../../prisma/away.js';
import { openDatabase, type Database } from '../../prisma/database.js';
import { freshDatabase } from '../harness/database.js';

/** What a call threw. */
async function thrown(database: Database, call: (database: Database) => Promise<unknown>): Promise<unknown> {
  try {
    await call(database);
    return null;
  } catch (error) {
    return error;
  } finally {
    await database.close();
  }
}

const sleep = ({ query }: Database) => query`SELECT pg_sleep(3)::text`;

describe('a database that is away is told from a mistake (spec: api, 503)', () => {
  it('refuses connections', async () => {
    const nobody = openDatabase({ url: 'postgresql://nobody:x@127.0.0.1:1/nothing' });
    expect(isDatabaseAway(await thrown(nobody, sleep))).toBe(true);
  });

  it('refuses connections at every address of its name', async () => {
    const refused = await new Promise<unknown>((resolve) => {
      const lookup: LookupFunction = (_name, _options, done) => { done(null, [{ address: '127.0.0.1', family: 4 }, { address: '127.0.0.2', family: 4 }]); };
      connect({ host: 'several', port: 1, autoSelectFamily: true, lookup }).once('error', resolve);
    });
    expect(refused).toBeInstanceOf(AggregateError);
    expect(isDatabaseAway(refused)).toBe(true);
  });

  it('takes no writes any more', async () => {
    const database = openDatabase({ url: await freshDatabase() });
    const error = await thrown(database, ({ transaction }) => transaction(async (query) => {
      await query`SET TRANSACTION READ ONLY`;
      await query`DELETE FROM intent`;
    }));
    expect(isDatabaseAway(error)).toBe(true);
  });

  it('hangs: every statement has a timeout', async () => {
    const database = openDatabase({ url: await freshDatabase(), timeoutMs: 500 });
    expect(await database.query`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    expect(isDatabaseAway(await thrown(database, sleep))).toBe(true);
  });

  it('has no connection left', async () => {
    const database = openDatabase({ url: await freshDatabase(), timeoutMs: 500, poolSize: 1 });
    expect(isDatabaseAway(await thrown(database, (one) => Promise.all([sleep(one), sleep(one), sleep(one)])))).toBe(true);
  });

  it('ends the connection', async () => {
    const url = await freshDatabase();
    const admin = openDatabase({ url });
    const killing = setTimeout(() => {
      admin.client.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`.catch(() => undefined);
    }, 500);
    expect(isDatabaseAway(await thrown(openDatabase({ url }), sleep))).toBe(true);
    clearTimeout(killing);
    await admin.close();
  });

  it('is there, and the statement is wrong', async () => {
    const error = await thrown(openDatabase({ url: await freshDatabase() }), ({ query }) => query`SELECT no_such_column`);
    expect(error).toBeInstanceOf(Error);
    expect(isDatabaseAway(error)).toBe(false);
  });
});
