import { describe, expect, it } from 'vitest';
import {
  ann,
  ben,
  clock,
  customer,
  dissatisfied,
  filed,
  HOUR,
  lou,
  message,
  MIN,
  pat,
  sam,
  satisfied,
  solution,
  sue,
  T0,
  types,
  web,
} from './given.js';
import { plus } from '../../../domain/time.js';

describe('L1.5 first-contact ownership', () => {
  it('an agent who files a case owns it, accepted at once', () => {
    const kase = filed(ann);
    expect(types(kase.events)).toEqual(['received', 'accepted']);
    expect(kase.state).toMatchObject({ owner: 'ann', assignee: 'ann', tracks: { customer: 'accepted' } });
  });

  it('what a channel filed waits to be accepted, once', () => {
    const kase = filed(web);
    expect(kase.do(ann, 'answer', message)?.code).toBe('not-accepted');
    expect(kase.do(ann, 'resolve', solution)?.code).toBe('not-accepted');
    expect(kase.do(ann, 'accept', { note: null })).toBeNull();
    expect(kase.do(ben, 'accept', { note: null })?.code).toBe('already-accepted');
  });

  it('only owner, assignee and supervisor handle it', () => {
    const kase = filed(ann);
    expect(kase.do(ben, 'answer', message)?.code).toBe('not-yours');
    kase.do(sue, 'assign', { assignee: 'ben', reason: 'w' });
    expect(kase.do(ben, 'answer', message)).toBeNull();
    expect(kase.state.owner).toBe('ann');
  });

  it('the owner changes by transfer alone', () => {
    const kase = filed(ann);
    expect(kase.do(sue, 'transfer', { owner: 'ann', reason: 'absence' })?.code).toBe('already-owner');
    expect(kase.do(sue, 'transfer', { owner: 'ben', reason: 'absence' })).toBeNull();
    expect(kase.state.owner).toBe('ben');
  });
});

describe('L1.7 departments', () => {
  it('a department that is not the owner’s must be handed the case in ten minutes', () => {
    const kase = filed(ann, { department: 'logistics' });
    expect(clock(kase, 'dispatch-1').budgetMs).toBe(10 * MIN);
    kase.do(ann, 'dispatch', { department: 'logistics', text: 'w' }, 5 * MIN);
    expect(clock(kase, 'dispatch-1').end).toBe('stopped');
    expect(clock(kase, 'plan-r1')).toMatchObject({ budgetMs: 2 * HOUR, startedAt: plus(T0, 5 * MIN), request: 'r1' });
    expect(kase.do(pat, 'plan', { request: 'r1', plan: 'w' })?.code).toBe('not-your-request');
    expect(kase.do(lou, 'plan', { request: 'r9', plan: 'w' })?.code).toBe('request-unknown');
    expect(kase.do(lou, 'plan', { request: 'r1', plan: 'w' })).toBeNull();
    expect(clock(kase, 'plan-r1').end).toBe('stopped');
    expect(kase.do(lou, 'plan', { request: 'r1', plan: 'w' })?.code).toBe('already-planned');
  });

  it('"not ours" goes to the arbiter, who alone dispatches again, for good', () => {
    const kase = filed(ann, { department: 'logistics' });
    kase.do(ann, 'dispatch', { department: 'logistics', text: 'w' });
    kase.do(lou, 'return', { request: 'r1', reason: 'w' });
    expect(kase.state).toMatchObject({ rung: 1, escalations: [{ cause: 'returned', from: 0, to: 1 }] });
    expect(kase.do(ann, 'dispatch', { department: 'production', text: 'w' })?.code).toBe('arbiter-dispatches');
    expect(kase.do(sue, 'dispatch', { department: 'production', text: 'w' })).toBeNull();
    expect(kase.do(pat, 'return', { request: 'r2', reason: 'w' })?.code).toBe('not-returnable');
    expect(kase.do(ann, 'dispatch', { department: 'sales', text: 'w' })).toBeNull();
  });

  it('a front-line owner’s own department needs no hand-over', () => {
    expect(filed(ann, { department: 'customer_service' }).state.clocks.map(({ name }) => name)).toEqual(['response', 'resolution']);
    const kase = filed(web, { department: 'logistics' });
    kase.do({ ...ann, department: 'logistics' }, 'accept', { note: null });
    expect(clock(kase, 'dispatch-1').end).toBe('cancelled');
  });
});

describe('pausing', () => {
  it('is allowed after the first answer, for a reason of the policy, and holds resolution alone', () => {
    const kase = filed(ann);
    expect(kase.do(ann, 'pause', { reason: 'customer_information', note: null })?.code).toBe('not-answered');
    kase.do(ann, 'answer', message, MIN);
    expect(kase.do(ann, 'pause', { reason: 'lunch', note: null })).toMatchObject({ kind: 'invalid', code: 'pause-reason-unknown' });
    expect(kase.do(ann, 'pause', { reason: 'customer_information', note: null }, 2 * MIN)).toBeNull();
    expect(kase.do(ann, 'pause', { reason: 'customer_information', note: null })?.code).toBe('already-paused');
    kase.do(ann, 'resume', {}, HOUR);
    expect(clock(kase, 'resolution-1').log).toEqual([
      { at: plus(T0, 2 * MIN), type: 'pause' },
      { at: plus(T0, HOUR), type: 'resume' },
    ]);
    expect(kase.do(ann, 'resume', {})?.code).toBe('not-paused');
  });

  it('ends when the customer writes, back-dated to when that was received but not before the pause', () => {
    for (const [receivedAt, from] of [
      [HOUR, HOUR],
      [MIN, 2 * MIN],
      [null, 3 * HOUR],
    ] as const) {
      const kase = filed(ann);
      kase.do(ann, 'answer', message, MIN);
      kase.do(ann, 'pause', { reason: 'customer_information', note: null }, 2 * MIN);
      kase.do(web, 'hear', { text: 'w', receivedAt: receivedAt === null ? null : plus(T0, receivedAt) }, 3 * HOUR);
      expect(types(kase.last)).toEqual(['heard', 'resumed']);
      expect(clock(kase, 'resolution-1').log.at(-1)).toEqual({ at: plus(T0, from), type: 'resume' });
    }
  });

  it('lasts no longer than the reason allows, over all pauses of the cycle', () => {
    const kase = filed(ann);
    const day = 24 * HOUR;
    kase.do(ann, 'answer', message, MIN);
    kase.do(ann, 'pause', { reason: 'customer_availability', note: null }, 2 * MIN);
    kase.do(ann, 'resume', {}, 2 * MIN + 6 * day);
    kase.do(ann, 'pause', { reason: 'customer_availability', note: null }, 2 * MIN + 6 * day);
    kase.wait(8 * day);
    expect(kase.last.find(({ type }) => type === 'resumed')).toMatchObject({ at: plus(T0, 2 * MIN + 7 * day), data: { cause: 'limit' } });
    expect(kase.do(ann, 'pause', { reason: 'customer_availability', note: null }, 8 * day)?.code).toBe('pause-used-up');
  });
});

describe('L1.11 resolution and follow-up', () => {
  it('resolving stops the customer’s clocks, cancels the departments’, starts follow-up and attribution, and asks at once', () => {
    const kase = filed(ann, { department: 'logistics' });
    kase.do(ann, 'dispatch', { department: 'logistics', text: 'w' });
    kase.do(ann, 'resolve', solution, MIN);
    expect(types(kase.last)).toEqual(['resolved', 'follow_up_attempted']);
    expect(kase.state.clocks.map(({ id, end }) => [id, end])).toEqual([
      ['response-1', 'stopped'],
      ['resolution-1', 'stopped'],
      ['dispatch-1', 'stopped'],
      ['plan-r1', 'cancelled'],
      ['followUp-1', null],
      ['attribution-1', null],
    ]);
    expect(kase.state.tracks).toEqual({ customer: 'resolved', responsibility: 'open', cause: 'waiting' });
    expect(kase.do(ann, 'resolve', solution)?.code).toBe('already-resolved');
  });

  it('attempts at 0, 1 and 2 intervals, then unanswered, exactly in time', () => {
    const kase = filed(ann);
    kase.do(ann, 'resolve', solution, 0);
    kase.wait(25 * HOUR);
    expect(kase.events.filter(({ type }) => type === 'follow_up_attempted').map(({ at }) => at)).toEqual(
      [0, 8, 16].map((hours) => plus(T0, hours * HOUR)),
    );
    expect(kase.events.find(({ type }) => type === 'unanswered')?.at).toBe(plus(T0, 24 * HOUR));
    expect(clock(kase, 'followUp-1')).toMatchObject({ end: 'stopped', breachedAt: null });
    expect(kase.state.tracks.customer).toBe('unanswered');
  });

  it('whoever handled the case does not take down its verdict', () => {
    const kase = filed(ann);
    kase.do(sue, 'assign', { assignee: 'ben', reason: 'w' });
    kase.do(sue, 'resolve', solution);
    for (const actor of [ann, ben, sue]) expect(kase.do(actor, 'followUp', satisfied)?.code).toBe('follow-up-by-handler');
    expect(kase.do(sam, 'followUp', satisfied)).toBeNull();
    expect(kase.do(customer, 'followUp', dissatisfied), 'the customer may contradict what staff took down').toBeNull();
    expect(kase.state).toMatchObject({ cycle: 2, tracks: { customer: 'accepted' } });
  });

  it('the customer may contradict also that they were not content: what was promised anew is taken back', () => {
    const kase = filed(ann);
    kase.do(sue, 'assign', { assignee: 'ben', reason: 'w' });
    kase.do(ann, 'resolve', solution);
    expect(kase.do(customer, 'followUp', dissatisfied, 0), 'their own word needs no contradiction').toBeNull();
    expect(kase.do(customer, 'followUp', satisfied)?.code).toBe('no-follow-up');
    kase.do(ann, 'resolve', solution, MIN);
    expect(kase.do(sam, 'followUp', dissatisfied, 2 * MIN)).toBeNull();
    kase.do(ann, 'answer', message, 3 * MIN);
    kase.do(ann, 'dispatch', { department: 'logistics', text: 'w' }, 3 * MIN);
    kase.do(ann, 'pause', { reason: 'customer_availability', note: null }, 4 * MIN);
    for (const actor of [ann, sam]) expect(kase.do(actor, 'followUp', satisfied)?.code, 'staff say it after the next solution').toBe('no-follow-up');
    expect(kase.do(customer, 'followUp', dissatisfied)).toMatchObject({ code: 'no-follow-up', detail: expect.stringContaining('noted already') });

    expect(kase.do(customer, 'followUp', satisfied, 5 * MIN)).toBeNull();
    expect(kase.last).toMatchObject([{ type: 'followed_up', role: 'customer' }]);
    expect(kase.state).toMatchObject({
      cycle: 3, paused: null, resolvedAt: plus(T0, 5 * MIN),
      tracks: { customer: 'satisfied', responsibility: 'open' }, followUp: { answeredRole: 'customer' },
    });
    expect(clock(kase, 'resolution-3')).toMatchObject({ end: 'cancelled', breachedAt: null });
    expect(kase.state.clocks.filter(({ end }) => end === null).map(({ name }) => name)).toEqual(['attribution', 'acknowledge']);
    expect(kase.do(customer, 'followUp', dissatisfied)?.code).toBe('no-follow-up');
  });

  it('not satisfied: handled again, with new clocks from that instant; the second time raises', () => {
    const kase = filed(ann);
    for (const [round, at] of [
      [1, 5 * MIN],
      [2, 10 * MIN],
      [3, 15 * MIN],
    ] as const) {
      kase.do(ann, 'resolve', solution, at);
      kase.do(customer, 'followUp', dissatisfied, at + MIN);
      expect(kase.state).toMatchObject({ cycle: round + 1, tracks: { customer: 'accepted', responsibility: 'open' } });
      expect(clock(kase, `resolution-${round + 1}`)).toMatchObject({ startedAt: plus(T0, at + MIN), cycle: round + 1 });
    }
    expect(kase.state.escalations.filter(({ cause }) => cause === 'dissatisfied').map(({ at }) => at)).toEqual([
      plus(T0, 11 * MIN),
      plus(T0, 16 * MIN),
    ]);
    expect(kase.state.clocks.filter(({ name }) => name === 'attribution')).toHaveLength(1);
  });

  it('a final answer takes rung 2 and the third cycle', () => {
    const kase = filed(ann);
    const final = { message: 'w', parts: 'w', externalRoute: 'w' };
    expect(kase.do(sam, 'finalize', final)?.code).toBe('too-early');
    for (const at of [HOUR, 2 * HOUR]) {
      kase.do(ann, 'resolve', solution, at);
      kase.do(customer, 'followUp', dissatisfied, at + MIN);
    }
    expect(kase.do(sue, 'finalize', final)?.code).toBe('rung-too-low');
    expect(kase.do(sam, 'finalize', final)).toBeNull();
    expect(kase.state.tracks.customer).toBe('final');
  });

  it('a withdrawal cancels the customer’s clocks, opens level 2, and can be taken back', () => {
    const kase = filed(ann);
    expect(kase.do(ann, 'withdraw', { reason: 'w', message: null })).toMatchObject({ kind: 'invalid', code: 'message-missing' });
    expect(kase.do(customer, 'withdraw', { reason: 'w', message: null }, MIN)).toBeNull();
    expect(kase.state.clocks.map(({ id, end }) => [id, end])).toEqual([
      ['response-1', 'cancelled'],
      ['resolution-1', 'cancelled'],
      ['attribution-1', null],
    ]);
    expect(kase.do(customer, 'retractWithdrawal', {}, 2 * MIN)).toBeNull();
    expect(kase.state).toMatchObject({ cycle: 2, tracks: { customer: 'accepted', responsibility: 'open' } });
    expect(clock(kase, 'response-2').startedAt).toBe(plus(T0, 2 * MIN));
  });

  it('what was withdrawn before anybody took it can still get an owner', () => {
    const kase = filed(web);
    kase.do(customer, 'withdraw', { reason: 'w', message: null });
    expect(kase.do(ann, 'accept', { note: null })).toBeNull();
    expect(kase.state).toMatchObject({ owner: 'ann', tracks: { customer: 'withdrawn' } });
  });

  it('of several refusals the first in the order of the contract is told: 403, 422, 412, 409', () => {
    const kase = filed(ann);
    const stale = 99;
    expect(kase.do(sue, 'finalize', { message: 'w', parts: 'w', externalRoute: 'w' }, 0, stale)).toMatchObject({ kind: 'forbidden', code: 'rung-too-low' });
    expect(kase.do(ann, 'pause', { reason: 'lunch', note: null }, 0, stale)).toMatchObject({ kind: 'invalid' });
    expect(kase.do(ann, 'resume', {}, 0, stale)).toMatchObject({ kind: 'stale' });
    expect(kase.do(ann, 'resume', {}, 0)).toMatchObject({ kind: 'conflict', code: 'not-paused' });
  });
});
