import { Connection } from '@temporalio/client';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../harness/database.js';
import { freshNamespace } from '../harness/temporal.js';
import { timeSkipping } from '../harness/timeSkipping.js';

describe('what every other test stands on', () => {
  it('gives each test a migrated database of its own, in UTF-8 under C.UTF-8', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    expect(one).not.toBe(other);
    const client = new pg.Client({ connectionString: one });
    await client.connect();
    const { rows } = await client.query(`SELECT datcollate, pg_encoding_to_char(encoding) AS encoding, to_regclass('event')::text AS event FROM pg_database WHERE datname = current_database()`);
    await client.end();
    expect(rows).toEqual([{ datcollate: 'C.UTF-8', encoding: 'UTF8', event: 'event' }]);
  });

  it('gives each test a namespace of its own', async () => {
    const { address, namespace } = await freshNamespace();
    const connection = await Connection.connect({ address });
    const { count } = await connection.workflowService.countWorkflowExecutions({ namespace });
    await connection.close();
    expect(Number(count)).toBe(0);
  });

  it('skips a year in no time', async () => {
    const env = await timeSkipping();
    const before = await env.currentTimeMs();
    await env.sleep('365 days');
    expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(365 * 24 * 60 * 60 * 1000);
    await env.teardown();
  });
});
