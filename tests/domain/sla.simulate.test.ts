import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SimulateRequest, SimulateResponse } from '../../domain/sla/schema.js';
import { resolve } from '../../calendars/resolve.js';
import { yearsOf } from '../../calendars/years.js';
import { simulate } from '../../domain/sla/simulate.js';

interface Vector {
  name: string;
  request: { calendar: unknown };
  response: SimulateResponse;
}
const vectors = JSON.parse(readFileSync(new URL('./vectors/sla.json', import.meta.url), 'utf8')) as Vector[];

const body = { calendar: null, start: '2026-11-02T00:00:00Z', budgetSeconds: 600, warnAt: [50, 75, 90], log: [], now: '2026-11-02T00:00:00Z' };
const read = (change: object) => simulated({ ...body, ...change });
function simulated(given: object): SimulateResponse | null {
  const request = SimulateRequest.parse(given);
  if (request.calendar === null) return simulate(request, null);
  const found = resolve(request.calendar, yearsOf(request.calendar, [request.start, request.now]));
  if ('fault' in found) throw new Error(`${found.fault.path.join('.')} ${found.fault.message}`);
  return simulate(request, found.calendar);
}
const at = (clock: string) => `2026-11-02T00:${clock}Z`;

describe('worked examples of the specification', () => {
  for (const { name, request, response } of vectors) it(name, () => expect(simulated(request)).toEqual(response));

  it('has all of them', () => expect(vectors.length).toBe(26));

  it('has a schema for the answer that every example fits', () => {
    for (const { response } of vectors) expect(SimulateResponse.parse(response)).toEqual(response);
  });
});

describe('the body of a simulation', () => {
  it('takes instants with or without milliseconds, and answers with them', () => {
    expect(read({ start: '2026-11-02T00:00:00.250Z', now: at('00:01.250') })).toMatchObject({ dueAt: '2026-11-02T00:10:00.250Z', consumedSeconds: 1 });
  });

  it.each([
    ['calendar.week.mon.0', { calendar: { zone: 'Asia/Shanghai', week: { mon: [['18:00', '09:00']] } } }],
    ['calendar.zone', { calendar: { week: {} } }],
    ['log.1.at', { log: [{ at: at('04:00'), type: 'pause' }, { at: at('03:59'), type: 'resume' }] }],
    ['budgetSeconds', { budgetSeconds: 0 }],
    ['budgetSeconds', { budgetSeconds: 1.5 }],
    ['budgetSeconds', { budgetSeconds: '600' }],
    ['start', { start: '2026-11-02' }],
    ['start', { start: undefined }],
    ['now', { now: '2026-02-30T00:00:00Z' }],
    ['warnAt.0', { warnAt: [0] }],
    ['warnAt.0', { warnAt: [101] }],
    ['log.0.type', { log: [{ at: at('01:00'), type: 'start' }] }],
    ['log.0', { log: [{ at: at('01:00'), type: 'stop', by: 'ann' }] }],
    ['', { zone: 'UTC' }],
  ])('refuses a wrong %s', (path, change) => {
    const { error } = SimulateRequest.safeParse({ ...body, ...change });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});

describe('a ledger', () => {
  const pause = { at: at('02:00'), type: 'pause' };
  const resume = { at: at('04:00'), type: 'resume' };
  const now = at('06:00');

  it('leaves out what lies after now', () => {
    expect(read({ log: [pause, resume], now: at('03:00') })).toMatchObject({ state: 'paused', consumedSeconds: 120 });
    expect(read({ log: [{ at: at('09:00'), type: 'stop' }], now })).toMatchObject({ state: 'running' });
  });
  it('counts what lies before the start at the start', () => {
    expect(read({ log: [{ at: '2026-11-01T00:00:00Z', type: 'pause' }], now })).toMatchObject({ state: 'paused', consumedSeconds: 0 });
  });
  it('ignores a repeated pause or resume', () => {
    const again = [pause, { ...pause, at: at('03:00') }, resume, { ...resume, at: at('05:00') }];
    expect(read({ log: again, now })).toEqual(read({ log: [pause, resume], now }));
  });
  it('ignores all after a stop', () => {
    const stop = { at: at('05:00'), type: 'stop' };
    expect(read({ log: [stop, { at: at('05:30'), type: 'pause' }], now })).toEqual(read({ log: [stop], now }));
  });
  it('has used nothing before its start', () => {
    expect(read({ now: '2026-11-01T00:00:00Z' })).toMatchObject({ state: 'running', consumedSeconds: 0, warnings: [] });
  });
});
