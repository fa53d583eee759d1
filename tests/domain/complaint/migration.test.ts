import { describe, expect, it } from 'vitest';
import { cutCalendar } from '../../../domain/calendar/cut.js';
import { office } from '../../../domain/calendar/office.js';
import { advance } from '../../../domain/complaint/deadlines.js';
import { decideMigration, type Migrate } from '../../../domain/complaint/migration.js';
import { calendarIdsOf } from '../../../domain/complaint/standing.js';
import { agreementOf, narrowed, replaced, type Pinned } from '../../../domain/policy/agreement.js';
import { Policy } from '../../../domain/policy/schema.js';
import { readRecord } from '../../../domain/sla/clock.js';
import { plus } from '../../../domain/time.js';
import { ann, clock, customer, filed, folded, head, HOUR, message, MIN, satisfied, solution, sue, T0, type Case } from './given.js';

const bare = { general: {}, serious: {}, urgent: {} };
const standard: Pinned = { policy: Policy.parse({ name: 'default', tiers: bare }) };
const desk: Pinned = {
  policy: Policy.parse({ name: 'desk', calendar: 'office', warnAt: [80], ladder: [], tiers: { general: { response: 'PT2H', resolution: { businessDays: 3 } }, serious: {}, urgent: {} } }),
  versions: { office: 1 }, calendars: { 'office/1': cutCalendar(office, T0) },
};
const bank: Pinned = { policy: Policy.parse({ name: 'bank', statutory: ['cn-financial'], tiers: bare }) };
const shorter: Pinned = { policy: Policy.parse({ name: 'bank', statutory: [{ name: 'cn-financial', within: 'P10D' }], tiers: bare }) };

function migrated(kase: Case, before: Pinned, after: Pinned, at: number) {
  const { policy: { name }, versions } = after;
  const command: Migrate = {
    id: 'm1', name: 'migrate', at: plus(T0, at), by: 'ada', role: 'admin', rung: null, department: null,
    data: { migration: 'mig', policy: { name, version: 2 }, ...(versions && { calendars: versions }) },
  };
  const pinned = replaced(before, after);
  const decision = decideMigration(kase.state, command, { current: agreementOf(before), next: agreementOf(pinned) }, plus(T0, at));
  if ('refusal' in decision) return { refused: decision.refusal.code, events: [], state: kase.state, pinned };
  return { refused: null, events: decision.events, state: folded([...kase.events, ...decision.events]), pinned };
}
const dueOf = ({ state, pinned }: { state: Case['state']; pinned: Pinned }, id: string) => {
  const found = state.clocks.find((one) => one.id === id);
  if (!found) throw new Error(`no clock ${id}`);
  return readRecord(found, agreementOf(pinned).hours, T0);
};

describe('a migration of an open case', () => {
  // T0 is Monday 08:00 in Shanghai; the office opens an hour later
  it('puts every running clock on the new budget, calendar and warnings; what is used stays used', () => {
    const kase = filed(ann, {}, standard);
    const after = migrated(kase, standard, desk, 10 * MIN);
    expect(after.events).toMatchObject([{
      type: 'policy_migrated', by: 'ada', role: 'admin', command: 'm1',
      data: { migration: 'mig', from: { name: 'default', version: 1 }, to: { name: 'desk', version: 2 }, calendars: { office: 1 } },
    }]);
    expect(after.state).toMatchObject({ policy: { name: 'desk', version: 2 }, calendars: { office: 1 } });
    // ten minutes are used around the clock, the rest of two hours from nine on
    expect(dueOf(after, 'response-1').dueAt).toBe(plus(T0, HOUR + 110 * MIN));
    expect(clock({ ...kase, state: after.state }, 'response-1')).toMatchObject({ warnAt: [80], log: [{ type: 'calendar', calendar: 'office/1' }] });
    const later = advance(after.state, agreementOf(after.pinned), plus(T0, 3 * HOUR));
    expect(later.map(({ type, at }) => [type, at])).toEqual([['clock_warned', plus(T0, HOUR + 86 * MIN)], ['clock_breached', plus(T0, HOUR + 110 * MIN)]]);
  });

  it('first lets happen what was due under the old policy, and a breach stays', () => {
    const kase = filed(ann, {}, standard);
    const after = migrated(kase, standard, desk, 40 * MIN);
    const types = after.events.map(({ type }) => type);
    expect(types.indexOf('clock_breached')).toBeLessThan(types.indexOf('policy_migrated'));
    expect(dueOf(after, 'response-1')).toMatchObject({ state: 'breached', breachedAt: plus(T0, 30 * MIN), dueAt: plus(T0, 30 * MIN) });
  });

  it('touches no clock that has ended, and the next ones start under the new policy', () => {
    const kase = filed(ann, {}, standard);
    kase.do(ann, 'answer', message, MIN);
    kase.do(ann, 'resolve', solution, 2 * MIN);
    const before = clock(kase, 'resolution-1');
    const after = migrated(kase, standard, desk, 3 * MIN);
    expect(after.state.clocks.find(({ id }) => id === 'resolution-1')).toEqual(before);
    expect(calendarIdsOf(after.state)).toEqual(['office/1']);
  });

  it('back again keeps the calendar that the ledger has been on, until no clock has', () => {
    const kase = filed(ann, {}, desk);
    const after = migrated(kase, desk, standard, 90 * MIN);
    expect(after.state.calendars).toBeUndefined();
    // half an hour of the office is used, and the standard budget is half an hour
    expect(dueOf(after, 'response-1').breachedAt).toBeNull();
    expect(Object.keys(narrowed(after.pinned, calendarIdsOf(after.state)).calendars ?? {})).toEqual(['office/1']);
    expect(narrowed(after.pinned, [])).toEqual(standard);
    expect(dueOf(after, 'resolution-1').dueAt).toBe(plus(T0, 90 * MIN + 24 * HOUR - 30 * MIN));
  });

  it('is refused for a closed case, and under what it is under already', () => {
    const kase = filed(ann, {}, standard);
    const there = migrated({ ...kase, state: { ...kase.state, policy: { name: 'default', version: 2 } } }, standard, standard, MIN);
    expect(there.refused).toBe('same-policy');
    expect(migrated({ ...kase, state: { ...kase.state, closedAt: T0 } }, standard, desk, MIN).refused).toBe('closed');
  });
});

describe('a regulator’s limit in a migration', () => {
  const ID = 'statutory-cn-financial-1';
  const DAY = 24 * HOUR;

  it('that the old policy had not starts at the receipt, also where it has passed since', () => {
    const kase = filed(ann, {}, standard);
    expect(dueOf(migrated(kase, standard, bank, DAY), ID)).toMatchObject({ state: 'running', dueAt: plus(T0, 15 * DAY) });
    const late = filed(ann, { receivedAt: plus(T0, -20 * DAY) }, standard);
    const after = migrated(late, standard, bank, DAY);
    expect(after.events.map(({ type, at }) => [type, at])).toContainEqual(['clock_breached', plus(T0, -5 * DAY)]);
  });
  it('is not started for a customer whose case is resolved, and is taken back where the new policy has none', () => {
    const kase = filed(ann, {}, standard);
    kase.do(ann, 'resolve', solution, MIN);
    expect(migrated(kase, standard, bank, DAY).state.clocks.map(({ id }) => id)).not.toContain(ID);
    const other = filed(ann, {}, bank);
    expect(migrated(other, bank, standard, DAY).state.clocks.find(({ id }) => id === ID)?.end).toBe('cancelled');
  });
  it('gets the new limit, unless it has been extended', () => {
    const kase = filed(ann, {}, bank);
    expect(dueOf(migrated(kase, bank, shorter, DAY), ID).dueAt).toBe(plus(T0, 10 * DAY));
    kase.do(ann, 'extend', { statute: null, extension: 'complex', reason: 'w' }, 2 * DAY);
    expect(dueOf(migrated(kase, bank, shorter, 3 * DAY), ID).dueAt).toBe(plus(T0, 30 * DAY));
    expect(kase.do(head, 'approveExtension', { statute: null }, 4 * DAY)?.code).toBe('no-extension');
  });
  it('goes on to the end of the case under the new policy', () => {
    const kase = filed(ann, {}, bank);
    const after = migrated(kase, bank, shorter, DAY);
    const moved = filed(ann, {}, shorter);
    Object.assign(moved, { state: after.state, events: [...kase.events, ...after.events] });
    moved.do(ann, 'resolve', solution, 2 * DAY);
    moved.do(customer, 'followUp', satisfied, 3 * DAY);
    moved.do(sue, 'attribute', { nature: 'customer', shares: [], note: 'w' }, 3 * DAY);
    expect(clock(moved, ID)).toMatchObject({ end: 'stopped', breachedAt: null });
  });
});

describe('what a migration does not do in the past', () => {
  const slow: Pinned = { policy: Policy.parse({ name: 'slow', tiers: { general: { response: 'PT240H', resolution: 'PT240H' }, serious: {}, urgent: {} }, followUp: { every: 'P5D' } }) };
  const DAY = 24 * HOUR;

  it('a budget that is used up by then is breached when it was, and who is to act is asked now', () => {
    const kase = filed(ann, {}, slow);
    kase.do(ann, 'answer', message, MIN);
    const { events } = migrated(kase, slow, standard, 2 * DAY);
    const after = events.slice(events.findIndex(({ type }) => type === 'policy_migrated') + 1);
    expect(after.filter(({ type }) => type === 'clock_breached').map(({ at }) => at)).toEqual([plus(T0, DAY)]);
    const raised = after.filter((event) => event.type === 'escalated');
    expect(raised.map(({ at, data: { cause } }) => [cause, at])).toEqual([['warning', plus(T0, 2 * DAY)], ['breach', plus(T0, 2 * DAY)]]);
  });

  it('a follow-up that is under way goes on from the migration', () => {
    const kase = filed(ann, {}, slow);
    kase.do(ann, 'resolve', solution, MIN);
    kase.wait(9 * DAY);
    const after = migrated(kase, slow, standard, 9 * DAY);
    expect(after.events.map(({ type }) => type)).toEqual(['policy_migrated']);
    const later = advance(after.state, agreementOf(after.pinned), plus(T0, 20 * DAY)).filter(({ type }) => type === 'follow_up_attempted' || type === 'unanswered');
    expect(later.map(({ type, at }) => [type, at])).toEqual([['follow_up_attempted', plus(T0, 9 * DAY)], ['unanswered', plus(T0, 9 * DAY + 8 * HOUR)]]);
  });

  it('business days on another calendar are due as if the clock had been on it from the start', () => {
    // Monday 08:00 in Shanghai; three business days end on Thursday at 18:00, however much was used around the clock by then
    const kase = filed(ann, {}, slow);
    kase.do(ann, 'answer', message, MIN);
    const after = migrated(kase, slow, desk, 2 * DAY);
    expect(dueOf(after, 'resolution-1')).toMatchObject({ state: 'running', dueAt: '2026-11-05T10:00:00.000Z' });
    const late = migrated(kase, slow, desk, 4 * DAY);
    expect(dueOf(late, 'resolution-1').dueAt).toBe(plus(T0, 4 * DAY));
  });

  it('a longer budget warns anew of what is not reached of it', () => {
    const kase = filed(ann, {}, standard);
    kase.wait(28 * MIN);
    expect(clock(kase, 'response-1').warned).toEqual([50, 75, 90]);
    const after = migrated(kase, standard, slow, 28 * MIN);
    expect(after.state.clocks.find(({ id }) => id === 'response-1')?.warned).toEqual([]);
  });

  it('a regulator’s limit that was taken back comes back, from the receipt', () => {
    const kase = filed(ann, {}, bank);
    const without = migrated(kase, bank, standard, DAY);
    const again = migrated({ ...kase, state: { ...without.state, policy: { name: 'x', version: 1 } }, events: [...kase.events, ...without.events] }, standard, bank, 2 * DAY);
    expect(again.state.clocks.filter(({ name }) => name === 'statutory').map(({ id, startedAt, end }) => [id, startedAt, end])).toEqual([
      ['statutory-cn-financial-1', T0, 'cancelled'], ['statutory-cn-financial-2', T0, null],
    ]);
  });
});
