import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../domain/policy/default.js';
import { Policy } from '../../../domain/policy/schema.js';
import { plus } from '../../../domain/time.js';
import { ann, ben, clock, customer, filed, head, HOUR, message, MIN, solution, sue, T0, types, web } from './given.js';

describe('L1.6 tiers', () => {
  it.each([
    [{}, null, 'general', 0],
    [{ severe: true }, null, 'serious', 1],
    [{ personalSafety: true }, null, 'urgent', 3],
    [{ personalSafety: true }, 'general', 'urgent', 3],
    [{}, 'urgent', 'urgent', 3],
  ] as const)('flags %j and tier %s make %s at rung %i', (flags, tier, expected, rung) => {
    const { state } = filed(ann, { flags, tier });
    expect(state).toMatchObject({ tier: expected, rung });
    expect(state.escalations).toHaveLength(rung === 0 ? 0 : 1);
  });

  it('a media threat goes to rung 2 and makes the case major', () => {
    const { state } = filed(ann, { flags: { mediaThreat: true } });
    expect(state.escalations.map(({ cause, from, to }) => [cause, from, to])).toEqual([
      ['tier', 0, 1],
      ['media', 1, 2],
    ]);
    expect(state.special).toEqual(['major', 'escalated']);
  });

  it('raising a tier tightens running clocks and raises the rung; only a supervisor lowers it', () => {
    const kase = filed(ann);
    kase.do(ann, 'classify', { changes: { tier: 'urgent' }, reason: 'w' }, MIN);
    expect(kase.state).toMatchObject({ tier: 'urgent', rung: 3 });
    expect(clock(kase, 'response-1').budgetMs).toBe(10 * MIN);
    expect(clock(kase, 'resolution-1').budgetMs).toBe(2 * HOUR);
    expect(kase.do(ann, 'classify', { changes: { tier: 'general' }, reason: 'w' })).toMatchObject({
      kind: 'forbidden',
      code: 'tier-lowering',
    });
    kase.do(sue, 'classify', { changes: { tier: 'general' }, reason: 'w' }, 2 * MIN);
    expect(kase.state).toMatchObject({ tier: 'general', rung: 3 });
    expect(clock(kase, 'response-1').budgetMs).toBe(30 * MIN);
  });

  it('a flag that is worse than the tier asked for holds, and a flag that adds nothing lowers nothing', () => {
    const kase = filed(ann, { tier: 'serious' });
    expect(kase.do(ann, 'classify', { changes: { tier: 'general', flags: { severe: true } }, reason: 'w' })).toBeNull();
    expect(kase.state).toMatchObject({ tier: 'serious', flags: { severe: true } });
  });

  it('a hand-over that a classification starts has the budget of the new tier', () => {
    const tight = { ...defaultPolicy, tiers: { ...defaultPolicy.tiers, urgent: { ...defaultPolicy.tiers.urgent, dispatch: 'PT1M' } } };
    const kase = filed(ann, {}, tight);
    kase.do(ann, 'classify', { changes: { tier: 'urgent', department: 'logistics' }, reason: 'w' });
    expect(clock(kase, 'dispatch-1').budgetMs).toBe(MIN);
  });

  it('the tighter budget holds when the worse tier is the slower one', () => {
    const kase = filed(ann);
    kase.do(ann, 'classify', { changes: { tier: 'serious' }, reason: 'w' }, MIN);
    expect(clock(kase, 'response-1').budgetMs).toBe(30 * MIN);
  });
});

describe('L1.14 the ladder', () => {
  it('warns, breaches and climbs with the true instants, however late', () => {
    const kase = filed(web);
    kase.wait(48 * HOUR);
    const rows = kase.last.map(({ type, at, data }) => [type, (Date.parse(at) - Date.parse(T0)) / MIN, 'name' in data ? data.name : '']);
    expect(rows.filter(([type, , name]) => type === 'clock_breached' && name === 'response')).toEqual([['clock_breached', 30, 'response']]);
    expect(rows.map(([, at]) => at)).toEqual([...rows.map(([, at]) => at as number)].sort((a, b) => a - b));
    expect(kase.state.escalations[0]).toMatchObject({ cause: 'breach', clock: 'response-1', from: 0, to: 1, at: plus(T0, 30 * MIN) });
    expect(kase.state.escalations[1]).toMatchObject({
      cause: 'unacknowledged',
      clock: 'acknowledge-e1',
      from: 1,
      to: 2,
      at: plus(T0, 60 * MIN),
    });
    expect(kase.state.escalations[2]).toMatchObject({
      cause: 'unacknowledged',
      clock: 'acknowledge-e2',
      from: 2,
      to: 2,
      at: plus(T0, 90 * MIN),
    });
    expect(
      kase.state.clocks.some(({ id }) => id === 'acknowledge-e3'),
      'at the top an acknowledge clock starts no other',
    ).toBe(false);
    expect(kase.state.tracks.customer).toBe('received');
  });

  it('an answer at the deadline is in time, a millisecond later is a breach', () => {
    const inTime = filed(ann);
    inTime.do(ann, 'answer', message, 30 * MIN);
    expect(clock(inTime, 'response-1').breachedAt).toBeNull();
    const late = filed(ann);
    late.do(ann, 'answer', message, 30 * MIN + 1);
    expect(clock(late, 'response-1')).toMatchObject({ breachedAt: plus(T0, 30 * MIN), end: 'stopped' });
    expect(types(late.last).slice(-3)).toEqual(['clock_breached', 'escalated', 'answered']);
  });

  it.each([
    [sue, 1, 'escalated', null],
    [sue, null, 'escalated', null],
    [sue, 3, 'escalation_refused', 'above-top'],
    [sue, 0, 'escalation_refused', 'not-above-rung'],
    [ann, null, 'escalated', null],
    [ann, 2, 'escalation_refused', 'owner-only-to-1'],
    [ann, 0, 'escalation_refused', 'not-above-rung'],
    [ben, null, 'escalation_refused', 'not-yours'],
    [customer, null, 'escalated', null],
  ] as const)('%j signalling to %s leaves %s %s', (actor, to, type, why) => {
    const kase = filed(ann);
    kase.escalate(actor, to);
    expect(kase.last[0]).toMatchObject({ type, ...(why ? { data: { why } } : {}) });
  });

  it('a customer raises once a cycle', () => {
    const kase = filed(ann);
    kase.escalate(customer, null);
    kase.escalate(customer, null);
    expect(kase.last[0]).toMatchObject({ type: 'escalation_refused', data: { why: 'once-a-cycle' } });
  });

  it('a raise at the top is recorded once per cause', () => {
    const kase = filed(ann, { tier: 'urgent' });
    kase.escalate(sue, null);
    expect(kase.last[0]).toMatchObject({ type: 'escalated', data: { from: 3, to: 3 } });
    kase.escalate(sue, null);
    expect(kase.last[0]).toMatchObject({ type: 'escalation_refused', data: { why: 'top-recorded' } });
  });

  it('acknowledging takes every open escalation up to one’s rung, one’s own too', () => {
    const kase = filed(ann);
    kase.escalate(sue, 1);
    kase.escalate(head, 2);
    expect(kase.do(sue, 'acknowledge', {})).toBeNull();
    expect(kase.state.escalations.map(({ acknowledgedBy }) => acknowledgedBy)).toEqual(['sue', null]);
    expect(kase.do(sue, 'acknowledge', {})?.code).toBe('nothing-to-acknowledge');
    expect(kase.do(head, 'acknowledge', {})).toBeNull();
    expect(kase.state.clocks.filter(({ name, end }) => name === 'acknowledge' && end === null)).toEqual([]);
  });

  it('never removes the owner', () => {
    const kase = filed(ann);
    kase.escalate(sue, null);
    kase.do(ann, 'resolve', solution, MIN);
    expect(kase.state.owner).toBe('ann');
  });
});

describe('a ladder that asks for an acknowledgement of what waits for one', () => {
  it('ends at the top', () => {
    const ladder = [{ clock: 'response', on: 'breach', raise: 1 }, { clock: 'acknowledge', on: 'warning:50', raise: 1 }, { clock: 'acknowledge', on: 'breach', raise: 1 }];
    const kase = filed(web, {}, Policy.parse({ name: 'restless', ladder, tiers: { general: {}, serious: {}, urgent: {} }, warnAt: [50] }));
    kase.wait(20 * HOUR);
    expect(kase.events.length).toBeLessThan(25);
    expect(kase.state.rung).toBe(2);
  });
});
