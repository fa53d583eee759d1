import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOf, startSite, type Site } from './given.js';

let site: Site;
beforeAll(async () => {
  site = await startSite();
  const day = [['09:00', '17:00']];
  const week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
  await site.does('adm', '/v1/calendars', { name: 'desk', zone: 'UTC', week }, 201);
});
afterAll(() => site.stop());

const clocksOn = {
  name: 'desk', calendar: 'desk', warnAt: [50],
  tiers: { general: { response: 'PT2H', resolution: { businessDays: 4 } }, serious: { response: 'PT2H', resolution: 'PT2H' }, urgent: { calendar: null } },
};
const today = Date.now();
const at = (days: number, time: string) => `${new Date(today + days * 86_400_000).toISOString().slice(0, 10)}T${time}:00.000Z`;
const clock = (told: Record<string, unknown>, id: string) => listOf(told, 'clocks').find((one) => one['id'] === id);

describe('a case whose policy names a calendar', () => {
  it('keeps its clocks in open time, on the version that was the latest when it was filed, and replays without a difference', async () => {
    expect((await site.does('adm', '/v1/policies', clocksOn, 201))['warnings']).toEqual([]);
    const path = await site.filed('ann', { policy: 'desk', receivedAt: at(-2, '16:00') });
    const told = (await site.call('ann', 'GET', path)).told;
    // an hour the day it came, and the next morning's first
    expect(clock(told, 'response-1')).toMatchObject({ state: 'breached', breachedAt: at(-1, '10:00'), budgetSeconds: 7200 });
    expect(clock(told, 'resolution-1')).toMatchObject({ state: 'running', dueAt: at(2, '17:00'), budgetSeconds: 33 * 3600 });
    // the escalation of that breach is acknowledged within half an hour of open time, or goes higher
    expect(clock(told, 'acknowledge-e1')).toMatchObject({ breachedAt: at(-1, '10:30') });

    const allDay = [['00:00', '24:00']];
    await site.does('adm', '/v1/calendars', { name: 'desk', zone: 'UTC', week: { mon: allDay, tue: allDay, wed: allDay, thu: allDay, fri: allDay, sat: allDay, sun: allDay } }, 201);
    expect(clock((await site.call('ann', 'GET', path)).told, 'resolution-1')).toMatchObject({ dueAt: at(2, '17:00') });
    const later = await site.filed('ann', { policy: 'desk', receivedAt: at(-2, '16:00') });
    expect(clock((await site.call('ann', 'GET', later)).told, 'response-1')).toMatchObject({ breachedAt: at(-2, '18:00') });

    const raised = await site.does('sue', `${path}/classify`, { tier: 'urgent', reason: 'smoke' });
    expect(clock(raised, 'resolution-1')).toMatchObject({ budgetSeconds: 7200 });
    for (const one of [path, later]) {
      const { told: finding } = await site.call('aud', 'POST', `${one}/replay`);
      expect(finding).toMatchObject({ deterministic: true, differences: [] });
    }
    const history = JSON.stringify((await site.call('aud', 'GET', `${path}/history`)).told);
    expect(history).not.toContain('zoneTables');
  });

  it.each<[string, string, string, object]>([
    ['a calendar that nobody published', 'unknown-code', 'calendars.plan', { calendars: { plan: 'nowhere' } }],
    ['days of 24 hours on it', 'invalid', 'clocks.cause', { clocks: { cause: 'P9D' } }],
    ['more business days than its years have', 'invalid', 'tiers.general.resolution', { tiers: { ...clocksOn.tiers, general: { resolution: { businessDays: 2000 } } } }],
    ['business days around the clock', 'invalid', 'tiers.urgent.plan', { tiers: { ...clocksOn.tiers, urgent: { calendar: null, plan: { businessDays: 1 } } } }],
  ])('is not opened under one with %s: 422', async (_name, code, path, change) => {
    expect((await site.call('adm', 'POST', '/v1/policies', { ...clocksOn, ...change })).told).toMatchObject({ status: 422, code, errors: [{ path, message: expect.any(String) }] });
  });
});
