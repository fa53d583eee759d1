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

  it('is not filed before the years that its calendar covers', async () => {
    const early = await site.call('ann', 'POST', '/v1/complaints', { channel: 'phone', text: 'x', customer: { key: 'K-9' }, policy: 'desk', receivedAt: '2001-05-01T09:00:00Z' });
    expect(early.told).toMatchObject({ status: 422, code: 'calendar-years', errors: [{ path: 'receivedAt' }] });
  });

  it('answers a repeat of what it took as it answered first, whatever its calendar knows by now', async () => {
    const year = new Date(today).getUTCFullYear();
    const always = [['00:00', '24:00']];
    await site.does('adm', '/v1/calendars', { name: 'past', zone: 'UTC', week: { mon: always, tue: always }, years: { from: year - 2, to: year + 2 } }, 201);
    await site.does('adm', '/v1/policies', { ...clocksOn, name: 'past', calendar: 'past' }, 201);
    const body = { channel: 'phone', text: 'x', customer: { key: 'K-8' }, policy: 'past', receivedAt: `${year - 1}-05-01T09:00:00Z` };
    const first = await site.call('ann', 'POST', '/v1/complaints', body, { 'Idempotency-Key': 'once' });
    await site.does('adm', '/v1/calendars', { name: 'past', zone: 'UTC', week: { mon: always, tue: always }, years: { from: year, to: year + 2 } }, 201);
    expect((await site.call('ann', 'POST', '/v1/complaints', body, { 'Idempotency-Key': 'another' })).told).toMatchObject({ status: 422, code: 'calendar-years' });
    const again = await site.call('ann', 'POST', '/v1/complaints', body, { 'Idempotency-Key': 'once' });
    expect([again.status, again.told['id']]).toEqual([201, first.told['id']]);
    expect((await site.call('ann', 'POST', '/v1/complaints', { ...body, text: 'y' }, { 'Idempotency-Key': 'once' })).told).toMatchObject({ status: 422, code: 'key-reused' });
  });

  it('is known when its calendar is published anew: with years that a budget does not reach, or too large to travel', async () => {
    const [year] = [new Date(today).getUTCFullYear()];
    const week = { mon: [['09:00', '09:01']] };
    const always = [['00:00', '24:00']];
    await site.does('adm', '/v1/calendars', { name: 'shop', zone: 'UTC', week: { mon: always, tue: always } }, 201);
    await site.does('adm', '/v1/policies', { ...clocksOn, name: 'shop', calendar: 'shop' }, 201);
    const short = await site.does('adm', '/v1/calendars', { name: 'shop', zone: 'UTC', week, years: { from: year, to: year } }, 201);
    expect(short['warnings']).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'policy-not-reached', detail: expect.stringContaining('Policy shop: tiers.general.response') })]));
    const holidays = Array.from({ length: 360 }, (_, n) => new Date(Date.UTC(year + 1, 0, 1 + n)).toISOString().slice(0, 10));
    const day = [['09:00', '17:00']];
    const large = await site.call('adm', 'POST', '/v1/calendars', { name: 'shop', zone: 'UTC', week: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day }, holidays });
    expect(large.told).toMatchObject({ status: 422, errors: [{ path: 'years' }] });
    expect((await site.call('adm', 'POST', '/v1/calendars', { name: 'long', zone: 'UTC', week, years: { from: 1990, to: 2040 } })).told).toMatchObject({ status: 422, errors: [{ path: 'years.to' }] });
    expect((await site.call('ann', 'POST', '/v1/sla/simulate', { calendar: { zone: 'UTC', week }, start: '1980-01-01T00:00:00Z', now: '2040-01-01T00:00:00Z', budgetSeconds: 60 })).told)
      .toMatchObject({ status: 422, errors: [{ path: 'calendar.years' }] });
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

describe('a case that is handled twice', () => {
  it('tells how long its first resolution took, and how long all of it', async () => {
    const path = await site.filed('ann', { receivedAt: new Date(today - 3_600_000).toISOString() });
    const times = async () => {
      const { told } = await site.call('ann', 'GET', path);
      const seconds = (field: string) => {
        const at = told[field];
        return typeof at === 'string' ? Math.floor((Date.parse(at) - Date.parse(String(told['receivedAt']))) / 1000) : null;
      };
      expect([told['timeToFirstResolutionSeconds'], told['totalTimeSeconds']]).toEqual([seconds('firstResolvedAt'), seconds('resolvedAt')]);
      return told;
    };
    expect(await times()).toMatchObject({ timeToFirstResolutionSeconds: null, totalTimeSeconds: null });
    await site.does('ann', `${path}/resolve`, { solution: 'a new parcel', agreed: true });
    const first = await times();
    expect(first['timeToFirstResolutionSeconds']).toBeGreaterThanOrEqual(3600);
    await site.does('bob', `${path}/follow-up`, { satisfied: false });
    expect(await times()).toMatchObject({ cycle: 2, timeToFirstResolutionSeconds: first['timeToFirstResolutionSeconds'], totalTimeSeconds: null });
    await site.does('ann', `${path}/resolve`, { solution: 'the money back', agreed: true });
    const second = await times();
    expect(second).toMatchObject({ firstResolvedAt: first['firstResolvedAt'], timeToFirstResolutionSeconds: first['timeToFirstResolutionSeconds'] });
    expect(Number(second['totalTimeSeconds'])).toBeGreaterThanOrEqual(Number(first['timeToFirstResolutionSeconds']));
  });
});
