import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Proxy } from '../harness/proxy.js';
import type { Thing } from './doors.js';
import { startTown, type Town } from './given.js';
import { prepared, suffer } from './outage.js';

/** A way of being away, and back. */
export type Way = [way: string, begins: (town: Town) => void | Promise<void>, ends: (town: Town) => void | Promise<void>];

/** All that is asked of a set-up while one thing is away, in each of these ways, or slow on these roads. */
export function outagesOf(thing: Thing, title: string, ways: Way[], roadsOf: (town: Town) => Proxy[]): void {
  describe(title, () => {
    let town: Town;
    let subject: Awaited<ReturnType<typeof prepared>>;
    beforeAll(async () => {
      town = await startTown();
      subject = await prepared(town);
    });
    afterAll(() => town.stop());

    it.each(ways)('%s: every door answers as docs/errors.md says, and all goes on by itself', async (way, begins, ends) => {
      await suffer(town, thing, way, subject, { begins, ends });
    }, 150_000);

    it('and slow, everything is answered as ever', async () => {
      for (const road of roadsOf(town)) road.delay(150);
      const path = await town.filed();
      expect((await town.call('ann', 'POST', `${path}/answer`, { message: 'sorry' })).status).toBe(200);
      expect((await town.call('ann', 'GET', path)).told).toMatchObject({ version: 3 });
      await passAll(roadsOf(town));
    }, 120_000);

    it('every case replays to what is recorded', () => town.replays(), 300_000);
  });
}

/** Opens roads again, one after the other. */
export async function passAll(roads: Proxy[]): Promise<void> {
  for (const road of roads) await road.pass();
}
