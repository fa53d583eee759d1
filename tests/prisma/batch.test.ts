import { randomUUID } from 'node:crypto';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDatabaseAway } from '../../prisma/away.js';
import { inBatches } from '../../prisma/batch.js';
import { createCompany } from '../../prisma/company.js';
import { commands, moveComplaint, moveInvestigation } from '../../prisma/moving.js';
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

/** What somebody waits for, until it is opened. */
function gate(): { until: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const until = new Promise<void>((resolve) => { open = resolve; });
  return { until, open: () => { open(); } };
}

describe('who is on the way with others (docs/performance.md)', () => {
  /** Numbers that are sent one by one, how many went in each statement, and a way to be among those who are on theirs. */
  function sender({ waitMs, alone }: { waitMs: number; alone?: (n: number) => boolean }) {
    const of = createCompany();
    const sizes: number[] = [];
    const send = inBatches<number, number>(async ({ query }, items) => {
      sizes.push(items.length);
      const rows = await query<{ n: number }>`SELECT n FROM unnest(${items}::int[]) WITH ORDINALITY AS t(n, i) ORDER BY i`;
      return rows.map(({ n }) => n);
    }, { company: { of, waitMs }, ...(alone ? { alone } : {}) });
    /** @param when what it has to wait for on its way; null for one who comes without the statement */
    const come = (n: number | null, when?: Promise<unknown>) => of.bring(database, async () => {
      await when;
      return n === null ? null : send(database, n);
    });
    return { of, sizes, send, come };
  }
  const HOURS = 3_600_000;

  it('waits until half of them are there', async () => {
    const { of, sizes, come } = sender({ waitMs: HOURS });
    const first = [come(1), come(2, pause(30))];
    const [third, fourth] = [come(3, first[0]), come(4, Promise.all(first).then(() => pause(30)))];
    expect(of.coming(database)).toBe(4);
    expect(await Promise.all([...first, third, fourth])).toEqual([1, 2, 3, 4]);
    expect(sizes, 'the third was half of those who were left').toEqual([2, 1, 1]);
    expect(of.coming(database)).toBe(0);
  });

  it('is not kept waiting for those whom a statement has just answered', async () => {
    const { sizes, come } = sender({ waitMs: HOURS });
    const underWay = (async () => {
      while (sizes.length === 0) await turn();
    })();
    const { until: gone, open: leave } = gate();
    const four = [1, 2, 3, 4].map((n) => come(n));
    const three = [5, 6, 7].map((n) => come(n, underWay));
    const away = come(null, gone);
    expect(await Promise.all([...four, ...three])).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(sizes, 'three of eight waited, three of four did not').toEqual([4, 3]);
    leave();
    await away;
  });

  it('waits no longer than it may for those who do not come', async () => {
    const { of, sizes, come } = sender({ waitMs: 200 });
    const { until: late, open: arrive } = gate();
    const others = [2, 3, 4].map((n) => come(n, late));
    const came = performance.now();
    expect(await come(1)).toBe(1);
    expect(performance.now() - came, 'it waited').toBeGreaterThan(190);
    expect([sizes, of.coming(database)], 'and went without them').toEqual([[1], 3]);
    arrive();
    await Promise.all(others);
  });

  it('waits for nobody when there is one other at most, when it goes by itself, or was never announced', async () => {
    const { of, send, come } = sender({ waitMs: HOURS, alone: (n) => n === 9 });
    const { until: gone, open: leave } = gate();
    const refused = come(null, gone);
    expect(await come(1), 'one other').toBe(1);
    const more = Array.from({ length: 6 }, () => come(null, gone));
    expect(await come(9), 'by itself').toBe(9);
    expect(await Promise.all([come(2), come(9)]), 'before one that goes by itself').toEqual([2, 9]);
    leave();
    expect(await Promise.all([refused, ...more])).toEqual(Array.from({ length: 7 }, () => null));
    expect(of.coming(database)).toBe(0);
    expect(await send(database, 5), 'never announced').toBe(5);
  });

  it('waits no longer for those who were refused, once somebody comes', async () => {
    const { of, sizes, come } = sender({ waitMs: HOURS });
    const { until: gone, open: leave } = gate();
    const refused = Array.from({ length: 9 }, () => come(null, gone));
    const waiting = [come(1), come(2), come(3)];
    await pause(30);
    expect([sizes, of.coming(database)]).toEqual([[], 12]);
    leave();
    await Promise.all(refused);
    expect(await Promise.all([...waiting, come(4)])).toEqual([1, 2, 3, 4]);
    expect(sizes).toEqual([4]);
  });

  it('is counted no longer when it fails on its way', async () => {
    const { of } = sender({ waitMs: HOURS });
    await expect(of.bring(database, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(of.coming(database)).toBe(0);
  });
});

describe.each([['complaint', moveComplaint], ['investigation', moveInvestigation]] as const)('the outcome of a command on a %s', (subject, move) => {
  it('waits for those of others that are with the engine, of its own kind', async () => {
    const { until: gone, open: leave } = gate();
    const others = Array.from({ length: 6 }, () => commands[subject].bring(database, () => gone));
    const waits: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const came = performance.now();
      const none = { id: randomUUID(), from: 1, row: {}, events: [], deliveries: [], ended: false, intent: null, again: true, opening: [], raised: [] };
      expect(await commands[subject].bring(database, () => move(database, none)), 'there is no such case').toBeNull();
      waits.push(performance.now() - came);
    }
    expect(Math.min(...waits)).toBeGreaterThan(19);
    leave();
    await Promise.all(others);
  });
});
