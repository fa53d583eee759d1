import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTown, type Town } from './given.js';
import { prepared, suffer } from './outage.js';

/** Intake and reads need only the database; a command is told within its time that it may be repeated, and is then done once. */
describe('while the engine is away', () => {
  let town: Town;
  let subject: Awaited<ReturnType<typeof prepared>>;
  beforeAll(async () => {
    town = await startTown();
    subject = await prepared(town);
  });
  afterAll(() => town.stop());

  const roads = () => [town.roads.apiEngine, town.roads.workerEngine];
  const open = async (): Promise<void> => { for (const road of roads()) await road.pass(); };
  // a worker whose road is lost has a test of its own: it takes the SDK 45 s to notice
  const lose = (): void => { town.roads.apiEngine.swallow(); };
  const ways: [way: string, begins: () => void | Promise<void>, ends: () => void | Promise<void>][] = [
    ['killed', () => town.engine.kill(), () => town.engine.start()],
    ['frozen', () => { town.engine.freeze(); }, () => { town.engine.thaw(); }],
    ['lost on the way, also for new connections', () => { town.roads.apiEngine.cut(); lose(); }, open],
    ['lost on the way', lose, open],
  ];

  it.each(ways)('%s: every door answers as docs/errors.md says, and all goes on by itself', async (way, begins, ends) => {
    await suffer(town, 'engine', way, subject, { begins, ends });
  }, 150_000);

  it('and slow, everything is answered as ever', async () => {
    for (const road of roads()) road.delay(150);
    const path = await town.filed();
    expect((await town.call('ann', 'POST', `${path}/answer`, { message: 'sorry' })).status).toBe(200);
    expect((await town.call('ann', 'GET', path)).told).toMatchObject({ version: 3 });
    await open();
  }, 120_000);

  it('every case replays to what is recorded', async () => {
    expect(await town.replayed()).toMatchObject({ different: 0, differences: [] });
  }, 120_000);
});
