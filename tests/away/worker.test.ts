import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTown, type Town } from './given.js';
import { prepared, suffer } from './outage.js';

/** Only commands wait for a worker; escalations are taken without one. */
describe('while no worker is there', () => {
  let town: Town;
  let subject: Awaited<ReturnType<typeof prepared>>;
  beforeAll(async () => {
    town = await startTown();
    subject = await prepared(town);
  });
  afterAll(() => town.stop());

  const ways: [way: string, begins: () => void | Promise<void>, ends: () => void | Promise<void>][] = [
    ['killed', () => town.worker.kill(), () => town.worker.start()],
    ['frozen', () => { town.worker.freeze(); }, () => { town.worker.thaw(); }],
    // the SDK's native part takes 45 s to notice, and nothing can be set
    ['lost on the way', () => { town.roads.workerEngine.swallow(); }, () => town.roads.workerEngine.pass()],
  ];

  it.each(ways)('%s: every door answers as docs/errors.md says, and all goes on by itself', async (way, begins, ends) => {
    await suffer(town, 'worker', way, subject, { begins, ends });
  }, 150_000);

  it('and slow, everything is answered as ever', async () => {
    town.roads.workerEngine.delay(150);
    const path = await town.filed();
    expect((await town.call('ann', 'POST', `${path}/answer`, { message: 'sorry' })).status).toBe(200);
    expect((await town.call('ann', 'GET', path)).told).toMatchObject({ version: 3 });
    await town.roads.workerEngine.pass();
  }, 120_000);

  it('every case replays to what is recorded', async () => {
    expect(await town.replayed()).toMatchObject({ different: 0, differences: [] });
  }, 120_000);
});
