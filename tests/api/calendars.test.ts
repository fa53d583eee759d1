import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../../api/access/tokens.js';
import { createApi } from '../../api/create.js';
import { place, type Place } from '../prisma/given.js';
import { engineAway, listening, noAudit, objectOf, rules, silent, token } from './given.js';

const office = [['09:00', '12:00'], ['13:30', '18:00']];
const week = { mon: office, tue: office, wed: office, thu: office, fri: office };
const shanghai = { name: 'shanghai', zone: 'Asia/Shanghai', week, holidays: ['2026-10-01'], workdays: { '2026-10-10': office } };

let here: Place;
let site: Awaited<ReturnType<typeof listening>>;
const bearers: Record<string, string> = {};

beforeAll(async () => {
  here = await place();
  const { database, vault } = here;
  site = await listening(createApi({
    database, vault, engine: engineAway, probeEngine: () => Promise.resolve(), audit: noAudit,
    tokens: createTokenVerifier(rules), log: silent, info: { version: '0.0.0' },
  }));
  for (const [sub, roles] of [['ann', ['agent']], ['adm', ['admin']]] as const) bearers[sub] = await token({ sub, roles });
});
afterAll(async () => {
  await site.stop();
  await here.database.close();
});

async function call(who: string, method: string, path: string, body?: object, more: Record<string, string> = {}) {
  const response = await fetch(site.url + path, {
    method, headers: { Authorization: `Bearer ${bearers[who] ?? ''}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...more },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, location: response.headers.get('Location'), told: await objectOf(response) };
}
const pathsIn = (told: Record<string, unknown>) => (told['errors'] as { path: string }[]).map(({ path }) => path);

describe('publishing a calendar', () => {
  it('gives it a version, with the offsets of its zone, and never changes it', async () => {
    const first = await call('adm', 'POST', '/v1/calendars', { ...shanghai, years: { from: 2026, to: 2026 }, notes: { '2026-10-01': '国庆节' } });
    expect([first.status, first.location]).toEqual([201, '/v1/calendars/shanghai/1']);
    expect(first.told).toMatchObject({ name: 'shanghai', version: 1, offsets: [[null, 28_800]], years: { from: 2026, to: 2026 }, origin: null, warnings: [], zoneTables: process.versions.tz });
    const next = await call('adm', 'POST', '/v1/calendars', { ...shanghai, week: { mon: office } });
    expect(next.told['version']).toBe(2);
    const { warnings: _, ...kept } = first.told;
    expect((await call('ann', 'GET', '/v1/calendars/shanghai/1')).told).toEqual(kept);
    expect((await call('ann', 'GET', '/v1/calendars/shanghai/3')).status).toBe(404);
  });

  it('covers last year to the year after next, and all that is named, unless told; and says which of them have no holiday', async () => {
    const year = new Date().getUTCFullYear();
    const { told } = await call('adm', 'POST', '/v1/calendars', { ...shanghai, name: 'wide', holidays: [`${String(year + 4)}-01-01`], workdays: {} });
    expect(told['years']).toEqual({ from: year - 1, to: year + 4 });
    expect(told['warnings']).toEqual([{ code: 'no-holidays', detail: expect.stringContaining(`${String(year - 1)}, ${String(year)}`) }]);
  });

  it('does it once under a key', async () => {
    const key = { 'Idempotency-Key': 'c1' };
    const body = { ...shanghai, name: 'keyed' };
    const all = [await call('adm', 'POST', '/v1/calendars', body, key), await call('adm', 'POST', '/v1/calendars', body, key)];
    expect(all.map(({ told }) => told['version'])).toEqual([1, 1]);
    const other = await call('adm', 'POST', '/v1/calendars', { ...body, zone: 'UTC' }, key);
    expect([other.status, other.told['code']]).toEqual([422, 'key-reused']);
  });

  it('gives two at once two numbers', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => call('adm', 'POST', '/v1/calendars', { ...shanghai, name: 'busy' })));
    expect(all.map(({ told }) => told['version']).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it.each<[string, object, string]>([
    ['a zone that there is not', { zone: 'Asia/Atlantis' }, 'zone'],
    ['one that is never open', { week: {}, workdays: {} }, 'week'],
    ['a day outside its years', { years: { from: 2026, to: 2026 }, holidays: ['2027-01-01'] }, 'years'],
    ['intervals that overlap', { week: { mon: [['09:00', '12:00'], ['11:00', '13:00']] } }, 'week.mon.1'],
    ['a night that is not split', { week: { mon: [['22:00', '06:00']] } }, 'week.mon.0'],
    ['a name that is none', { name: 'our office' }, 'name'],
    ['an unknown field', { timezone: 'UTC' }, 'timezone'],
  ])('refuses %s, with path and reason', async (_, change, path) => {
    const { status, told } = await call('adm', 'POST', '/v1/calendars', { ...shanghai, ...change });
    expect([status, told['code'], pathsIn(told)]).toEqual([422, 'invalid', [path]]);
  });

  it('is for admins', async () => {
    expect((await call('ann', 'POST', '/v1/calendars', shanghai)).status).toBe(403);
  });
});

describe('calendars', () => {
  it('are listed in their latest version, by name, page by page', async () => {
    const first = await call('ann', 'GET', '/v1/calendars?limit=2');
    const rest = await call('ann', 'GET', `/v1/calendars?cursor=${String(first.told['next'])}`);
    const named = [first, rest].flatMap(({ told }) => (told['items'] as { name: string; version: number }[]).map(({ name, version }) => `${name} ${String(version)}`));
    expect(named).toEqual([...named].sort());
    expect(named).toEqual(expect.arrayContaining(['busy 5', 'keyed 1', 'shanghai 2', 'wide 1']));
    expect([(first.told['items'] as unknown[]).length, rest.told['next']]).toEqual([2, null]);
    const wrong = await call('ann', 'GET', '/v1/calendars?cursor=AAAA');
    expect([wrong.status, pathsIn(wrong.told)]).toEqual([422, ['cursor']]);
  });
});

describe('the holidays of a country', () => {
  it('of China come with its make-up days, and can be published as they are', async () => {
    const { status, told } = await call('ann', 'GET', '/v1/calendar-presets/CN?from=2026&to=2026&hours=09:00-12:00,13:30-18:00');
    expect(status).toBe(200);
    expect(told).toMatchObject({
      holidays: expect.arrayContaining(['2026-02-17', '2026-10-01', '2026-10-07']), notes: { '2026-10-01': '国庆节', '2026-10-10': '国庆节' },
      origin: { library: 'chinese-days', version: expect.stringMatching(/^\d/), country: 'CN' },
    });
    expect(Object.keys(told['workdays'] as object).sort()).toEqual(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']);
    expect((told['workdays'] as Record<string, unknown>)['2026-10-10']).toEqual(office);
    const published = await call('adm', 'POST', '/v1/calendars', { ...told, name: 'cn', zone: 'Asia/Shanghai', week });
    expect([published.status, published.told['origin']]).toEqual([201, told['origin']]);
  });

  it('are known of others, and of their regions', async () => {
    const bavaria = await call('ann', 'GET', '/v1/calendar-presets/DE?region=BY&from=2026&to=2027');
    expect(bavaria.told).toMatchObject({ holidays: expect.arrayContaining(['2026-01-06', '2026-12-25', '2027-10-03']), workdays: {}, origin: { library: 'date-holidays', region: 'BY' } });
    expect((await call('ann', 'GET', '/v1/calendar-presets/GB?from=2026&to=2026')).told['holidays']).toContain('2026-12-28');
  });

  it.each([
    ['XX?from=2026&to=2026', 404, undefined],
    ['DE?region=ZZ&from=2026&to=2026', 404, undefined],
    ['CN?from=2026&to=2060', 422, ['to']],
    ['CN?from=2060&to=2060', 422, ['to']],
    ['CN?from=2027&to=2026', 422, ['to']],
    ['CN?from=26&to=2026', 422, ['from']],
    ['CN?from=2026&to=2026&hours=18:00-09:00', 422, ['hours.0']],
    ['CN?from=2026&to=2026&hours=', 422, ['hours.0']],
  ])('%s is answered %i', async (asked, status, paths) => {
    const answer = await call('ann', 'GET', `/v1/calendar-presets/${asked}`);
    expect([answer.status, answer.told['errors'] && pathsIn(answer.told)]).toEqual([status, paths]);
  });
});

describe('a simulation on a calendar', () => {
  const { name: _, ...hours } = shanghai;
  const asked = { calendar: hours, start: '2026-11-06T08:30:00Z', budgetSeconds: 14_400, now: '2026-11-06T08:30:00Z' };
  it('is answered', async () => {
    expect((await call('ann', 'POST', '/v1/sla/simulate', asked)).told).toMatchObject({ state: 'running', dueAt: '2026-11-09T03:30:00.000Z' });
  });

  it.each<[string, object]>([
    ['calendar.zone', { calendar: { ...hours, zone: 'Nowhere' } }],
    ['calendar.week', { calendar: { zone: 'UTC', week: {} } }],
    ['calendar.week.tue.0', { calendar: { ...hours, week: { tue: [['12:00', '12:00']] } } }],
    ['calendar.years', { calendar: { ...hours, years: { from: 2026, to: 2026 } }, budgetSeconds: 3_000_000 }],
    ['calendar.years', { calendar: { ...hours, years: { from: 2026, to: 2026 } }, now: '2027-01-02T00:00:00Z' }],
    ['log.1.at', { log: [{ at: '2026-11-06T09:00:00Z', type: 'pause' }, { at: '2026-11-06T08:59:59Z', type: 'resume' }] }],
  ])('is refused for %s', async (path, change) => {
    const { status, told } = await call('ann', 'POST', '/v1/sla/simulate', { ...asked, ...change });
    expect([status, told['code'], pathsIn(told)]).toEqual([422, 'invalid', [path]]);
  });
});
