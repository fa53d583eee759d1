import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDatabaseAway } from '../../prisma/away.js';
import { inBatches } from '../../prisma/batch.js';
import { openDatabase, type Database } from '../../prisma/database.js';
import { freshDatabase } from '../harness/database.js';

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await freshDatabase(), timeoutMs: 6_000 });
});
afterAll(() => database.close());

/** What was divided, and how many went in each statement. */
function divider() {
  const sizes: number[] = [];
  const divided = inBatches<number, number>(async ({ query }, items) => {
    sizes.push(items.length);
    const rows = await query<{ n: number }>`SELECT 12 / n AS n FROM unnest(${items}::int[]) WITH ORDINALITY AS t(n, i) ORDER BY i`;
    return rows.map(({ n }) => n);
  });
  return { sizes, divided };
}

describe('what several callers want at one moment', () => {
  it('goes in one statement, and each gets its own answer', async () => {
    const { sizes, divided } = divider();
    expect(await Promise.all([1, 2, 3, 4].map((n) => divided(database, n)))).toEqual([12, 6, 4, 3]);
    expect(sizes).toEqual([4]);
  });

  it('is done one by one where one of them is at fault, and the others do not notice', async () => {
    const { divided } = divider();
    const answers = await Promise.allSettled([3, 0, 4].map((n) => divided(database, n)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('gathers while the one statement is under way, and no longer once that is late', async () => {
    const sizes: number[] = [];
    const slept = inBatches<number, number>(async ({ query }, items) => {
      sizes.push(items.length);
      await query`SELECT pg_sleep(${Math.max(...items)}::float8)`;
      return items;
    }, { onlyForMs: 1_000 });
    const first = slept(database, 0.3);
    await pause(10);
    const second = slept(database, 0);
    await pause(10);
    await Promise.all([first, second, slept(database, 0)]);
    expect(sizes, 'who came meanwhile went together').toEqual([1, 2]);

    let isLate = true;
    const late = slept(database, 4).then(() => { isLate = false; });
    await pause(10);
    const came = performance.now();
    await slept(database, 0);
    expect(performance.now() - came, 'the second waited as long as it may').toBeGreaterThan(900);
    expect(isLate, 'and not for the first').toBe(true);
    await late;

    let isUnderWay = true;
    const only = slept(database, 0.9).then(() => { isUnderWay = false; });
    await pause(10);
    await Promise.all(Array.from({ length: 32 }, () => slept(database, 0)));
    expect([isUnderWay, sizes.at(-1)], 'a full one waits for nobody').toEqual([true, 32]);
    await only;
  });

  it('and queues behind a database that hangs fails with it, instead of waiting as long once more', async () => {
    const slept = inBatches<number, null>(async ({ query }, items) => {
      await query`SELECT pg_sleep(${Math.max(...items)}::int)`;
      return items.map(() => null);
    }, { alone: () => true });
    const answers = await Promise.all([60, 60, 0].map((seconds) => slept(database, seconds).catch((error: unknown) => error)));
    expect(answers.map(isDatabaseAway)).toEqual([true, true, true]);
    expect(await slept(database, 0)).toBeNull();
  }, 30_000);
});
