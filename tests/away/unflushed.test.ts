import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { listOf, startTown, until, type Town } from './given.js';

/** docs/decisions/0007: what a database that dies takes back of a command's outcome is written again, from the intent and the history. */
describe('a database that dies right after an answer', () => {
  let town: Town;
  let lost = 0;
  beforeAll(async () => {
    town = await startTown();
    // nobody else brings it to the disc before
    await sql(`ALTER SYSTEM SET wal_writer_delay = '10s'`);
    await sql('SELECT pg_reload_conf()');
  });
  afterAll(() => town.stop());

  async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: town.database.url('threefold') });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** A case with a command that was answered, in a database that died at once. */
  async function answeredAndKilled(): Promise<{ path: string; version: number }> {
    const path = await town.filed();
    const { version } = await town.does('ann', `${path}/answer`, { message: 'sorry' });
    await town.database.kill();
    await town.database.start();
    const [row] = await sql('SELECT head FROM complaint WHERE id = $1', [path.split('/').at(-1)]);
    if (Number(row?.['head']) < Number(version)) lost += 1;
    return { path, version: Number(version) };
  }

  async function isWhole(path: string, last: string): Promise<void> {
    const events = listOf((await town.call('aud', 'GET', `${path}/timeline?limit=200`)).told, 'items');
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['answered', last]));
  }

  it('has it again as soon as a sweeper finds the intent', async () => {
    const { path, version } = await answeredAndKilled();
    await until(async () => Number((await town.call('ann', 'GET', path)).told['version']) >= version, 'the outcome', 60_000);
    await isWhole(path, 'answered');
  }, 120_000);

  it('or the next command is given', async () => {
    for (let time = 0; time < 3; time += 1) {
      const { path, version } = await answeredAndKilled();
      await until(async () => (await town.call('ann', 'POST', `${path}/note`, { text: 'again' }, { 'If-Match': `"${String(version)}"`, 'Idempotency-Key': path })).status === 200, 'a note');
      await isWhole(path, 'noted');
    }
  }, 120_000);

  it('and had lost some of them; each case replays to what is recorded', async () => {
    expect(lost).toBeGreaterThan(0);
    await until(async () => (await sql(`SELECT FROM intent WHERE state <> 'done'`)).length === 0, 'the end of every intent', 60_000);
    expect(await town.replayed()).toMatchObject({ different: 0, differences: [] });
  }, 120_000);
});
