import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOf, startSite, type Site } from './given.js';

let site: Site;
const day = [['09:00', '17:00']];
const week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
const roster = {
  name: 'logistics', shifts: [{ rung: 2, calendar: 'desk', people: ['sam'], deputies: ['eve'] }],
  absences: [{ person: 'sam', from: `${tomorrow}T12:00:00Z`, to: `${tomorrow}T16:00:00Z`, deputy: 'len' }],
};

beforeAll(async () => {
  site = await startSite({ worker: false });
  await site.does('adm', '/v1/calendars', { name: 'desk', zone: 'UTC', week }, 201);
});
afterAll(() => site.stop());

const onDuty = async (department: string, rung: number, time: string, more = '') =>
  (await site.call('ann', 'GET', `/v1/rosters/${department}/on-duty?rung=${String(rung)}&at=${tomorrow}T${time}:00Z${more}`)).told;

describe('a roster', () => {
  it('is published in versions, and says who stands at a rung and from when', async () => {
    const first = await site.call('sue', 'POST', '/v1/rosters', roster, { 'Idempotency-Key': 'r1' });
    expect(first).toMatchObject({ status: 201, told: { name: 'logistics', version: 1 } });
    expect(first.headers.get('Location')).toBe('/v1/rosters/logistics/1');
    expect((await site.call('sue', 'POST', '/v1/rosters', roster, { 'Idempotency-Key': 'r1' })).told['version']).toBe(1);
    expect((await site.call('sue', 'POST', '/v1/rosters', { ...roster, absences: [] }, { 'Idempotency-Key': 'r1' })).told['code']).toBe('key-reused');
    await site.does('adm', '/v1/rosters', { name: 'company', shifts: [{ rung: 3, people: ['eve'] }] }, 201);
    expect(listOf((await site.call('aud', 'GET', '/v1/rosters')).told, 'items').map(({ name }) => name)).toEqual(['company', 'logistics']);
    expect((await site.call('adm', 'GET', '/v1/rosters/logistics/1')).told).toEqual(first.told);
    expect((await site.call('adm', 'GET', '/v1/rosters/logistics/2')).status).toBe(404);

    expect(await onDuty('logistics', 2, '10:00')).toEqual({ rung: 2, at: `${tomorrow}T10:00:00.000Z`, people: ['sam'] });
    expect(await onDuty('logistics', 2, '03:00')).toEqual({ rung: 2, at: `${tomorrow}T09:00:00.000Z`, people: ['sam'] });
    expect(await onDuty('logistics', 2, '12:00')).toMatchObject({ people: ['len'] });
    expect(await onDuty('logistics', 2, '10:00', '&deputies=true')).toMatchObject({ people: ['eve'] });
    expect(await onDuty('logistics', 3, '03:00')).toMatchObject({ at: `${tomorrow}T03:00:00.000Z`, people: ['eve'] });
    expect(await onDuty('production', 1, '10:00')).toMatchObject({ people: [] });
  });

  it.each<[string, string, string, object]>([
    ['a department that there is not', 'unknown-code', 'name', { name: 'nowhere' }],
    ['a calendar that nobody published', 'unknown-code', 'shifts.0.calendar', { shifts: [{ rung: 1, calendar: 'none', people: ['sam'] }] }],
    ['somebody who has never signed in', 'unknown-code', 'shifts.0.people.1', { shifts: [{ rung: 1, people: ['sam', 'stranger'] }] }],
    ['a deputy who has never signed in', 'unknown-code', 'absences.0.deputy', { absences: [{ person: 'sam', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', deputy: 'stranger' }] }],
    ['no shift', 'invalid', 'shifts', { shifts: [] }],
  ])('is refused with %s: 422', async (_name, code, path, change) => {
    expect((await site.call('adm', 'POST', '/v1/rosters', { ...roster, ...change })).told).toMatchObject({ status: 422, code, errors: [{ path }] });
  });

  it('is for admins and supervisors to publish', async () => {
    for (const who of ['ann', 'lou', 'quinn', 'aud']) expect((await site.call(who, 'POST', '/v1/rosters', roster)).status).toBe(403);
    expect((await site.call('ann', 'GET', '/v1/rosters')).status).toBe(403);
    for (const who of ['lou', 'web']) expect((await site.call(who, 'GET', '/v1/rosters/logistics/on-duty?rung=1')).status).toBe(403);
    expect((await site.call('ann', 'GET', '/v1/rosters/nowhere/on-duty?rung=1')).status).toBe(404);
    expect((await site.call('ann', 'GET', '/v1/rosters/logistics/on-duty?rung=9')).told).toMatchObject({ status: 422, errors: [{ path: 'rung' }] });
  });
});
