import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOf, startTown, until, type Town } from './given.js';

/** docs/decisions/0007: what a database that dies takes back of a command's outcome is written again, from the intent and the history. */
describe('a database that dies right after an answer', () => {
  let town: Town;
  beforeAll(async () => {
    town = await startTown();
    // nobody else brings it to the disc before
    await town.sql(`ALTER SYSTEM SET wal_writer_delay = '10s'`);
    await town.sql('SELECT pg_reload_conf()');
  });
  afterAll(() => town.stop());

  /** A case with a command that was answered by a database that died at once, and has lost the outcome. */
  async function lost(): Promise<{ path: string; version: number }> {
    for (let time = 0; time < 5; time += 1) {
      const path = await town.filed();
      const { version } = await town.does('ann', `${path}/answer`, { message: 'sorry' });
      await town.database.kill();
      await town.database.start();
      const [row] = await town.sql('SELECT head FROM complaint WHERE id = $1', path.split('/').at(-1));
      // somebody else may have committed in between, and brought it to the disc
      if (Number(row?.['head']) < Number(version)) return { path, version: Number(version) };
    }
    throw new Error('five outcomes were all on the disc at once: they were waited for');
  }

  async function isWhole(path: string, last: string): Promise<void> {
    const events = listOf((await town.call('aud', 'GET', `${path}/timeline?limit=200`)).told, 'items');
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['answered', last]));
  }

  it('has it again as soon as a sweeper finds the intent', async () => {
    const { path, version } = await lost();
    await until(async () => Number((await town.call('ann', 'GET', path)).told['version']) >= version, 'the outcome', 60_000);
    await isWhole(path, 'answered');
  }, 120_000);

  it('or the next command is given', async () => {
    const { path, version } = await lost();
    const note = () => town.call('ann', 'POST', `${path}/note`, { text: 'again' }, { 'If-Match': `"${String(version)}"`, 'Idempotency-Key': path });
    let answer = await note();
    // connections of before the kill are given up one by one
    while (answer.status === 503) answer = await note();
    expect(answer).toMatchObject({ status: 200, told: { version: version + 1 } });
    await isWhole(path, 'noted');
  }, 120_000);

  it('and each case replays to what is recorded', () => town.replays(), 300_000);
});
