import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimIntents, giveBack } from '../../prisma/claims.js';
import { claimDeliveries } from '../../prisma/deliveries.js';
import { intentById, takeIntent } from '../../prisma/intents.js';
import { asked, filed, LEASE, OVER, place, type Place } from './given.js';
import { countedPlace, readsOf } from './reads.js';

const MANY = 100_000;

/** Design, intake: a backlog is worked off by its index; what is done, and there is ever more of that, costs a claim nothing. */
describe(`with ${String(MANY)} intents and deliveries`, () => {
  let here: Place;
  beforeAll(async () => {
    here = await countedPlace();
    const { execute } = here.database;
    const { row } = await filed(here);
    // most are done, 5,000 starts are due, 20 commands too, and some have failed often
    await execute`
      INSERT INTO intent (id, kind, subject, subject_id, name, caller, sent, state, lease_until, attempts, created_at)
      SELECT 'i' || n, CASE WHEN n % 2 = 0 THEN 'start' ELSE 'command' END, 'complaint', ${row.id}::uuid, 'note', 'ann', '{}',
        CASE WHEN (n % 2 = 0 AND n <= 10000) OR (n % 2 = 1 AND n <= 40) THEN 'open' ELSE 'done' END,
        now() - n * interval '1 ms', CASE WHEN n % 1000 < 2 THEN 5 ELSE 1 END, now()
      FROM generate_series(1, ${MANY}::int) n`;
    await execute`
      INSERT INTO complaint SELECT n.* FROM complaint c, generate_series(1, 5000) i, jsonb_populate_record(c, jsonb_build_object(
        'id', md5('case ' || i)::uuid, 'tracking_digest', 'of ' || i)) n WHERE c.id = ${row.id}::uuid`;
    await execute`
      INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, state, created_at, due_at)
      SELECT gen_random_uuid(), 'complaint', md5('case ' || n)::uuid, 1, 'received', CASE WHEN n % 2 = 0 THEN 'staff' ELSE 'customer' END, 'someone',
        CASE WHEN n <= 5000 THEN 'pending' ELSE 'sent' END, now(), now() - n * interval '1 ms'
      FROM generate_series(1, ${MANY}::int) n`;
    await execute`ANALYZE`;
  });
  afterAll(() => here.database.close());

  it.each(['commands', 'starts', 'stuck'] as const)('a claim of %s reads what it claims', async (lane) => {
    // oftener than it takes for a prepared statement to get one plan for all values
    for (let time = 0; time < 8; time += 1) {
      const { scans, entries } = await readsOf(here.database, 'intent', async () => {
        expect((await claimIntents(here.database, lane, 2, LEASE)).length).toBeLessThanOrEqual(2);
      });
      expect({ scans, few: entries < 200, entries }).toEqual({ scans: 0, few: true, entries });
    }
  });

  it.each(['customer', 'staff'] as const)('a claim of deliveries to %s reads what it claims', async (audience) => {
    for (let time = 0; time < 8; time += 1) {
      const { scans, entries } = await readsOf(here.database, 'delivery', async () => {
        const cases = await readsOf(here.database, 'complaint', async () => {
          expect(await claimDeliveries(here.database, audience, 8, LEASE)).toHaveLength(8);
        });
        expect({ scans: cases.scans, few: cases.entries < 50, entries: cases.entries }).toEqual({ scans: 0, few: true, entries: cases.entries });
      });
      expect({ scans, few: entries < 200, entries }).toEqual({ scans: 0, few: true, entries });
    }
  });
});

describe('what failed', () => {
  it('is left alone for a while, and stuck after the third sweep', async () => {
    const here = await place();
    try {
      const { row } = await filed(here);
      const intent = asked(row.id, 'note', { id: randomUUID() });
      await takeIntent(here.database, { intent, words: [], leaseMs: OVER });
      for (const attempts of [2, 3, 4]) {
        const claimed = await claimIntents(here.database, 'commands', 10, LEASE);
        expect(claimed).toMatchObject([{ id: intent.id, attempts }]);
        await giveBack(here.database, claimed, OVER);
      }
      expect(await claimIntents(here.database, 'commands', 10, LEASE)).toEqual([]);
      const [stuck] = await claimIntents(here.database, 'stuck', 10, LEASE);
      expect(stuck).toMatchObject({ id: intent.id, attempts: 5 });
      // whoever lost it to another gives nothing back
      await giveBack(here.database, stuck ? [{ ...stuck, attempts: 4 }] : [], OVER);
      expect(await claimIntents(here.database, 'stuck', 10, LEASE)).toEqual([]);
      expect(await intentById(here.database, intent.id)).toMatchObject({ attempts: 5, state: 'open' });
    } finally {
      await here.database.close();
    }
  });
});
