import { describe, expect, it } from 'vitest';
import { missing } from '../../../domain/complaint/gate.js';
import { levelOf, statusOf } from '../../../domain/complaint/standing.js';
import { plus } from '../../../domain/time.js';
import {
  ann,
  clock,
  customer,
  decidedCase,
  dissatisfied,
  filed,
  HOUR,
  lou,
  MIN,
  pat,
  sam,
  satisfiedCase,
  shareOf,
  solution,
  sue,
  T0,
  types,
} from './given.js';

const proposal = { nature: 'process' as const, shares: [shareOf('logistics', 60), shareOf('production', 40)], note: 'w' };
const verdict = { upheld: true, nature: null, shares: null, handling: 'w', note: 'w' };
const news = { investigation: 'inv', rootAt: null, measureAt: null, verifiedAt: null };
const quality = { by: 'quinn', role: 'quality' as const, rung: null, department: null };
const system = { by: 'system', role: 'system' as const, rung: null, department: null };

describe('level 2', () => {
  it('L2.1 waits for the customer’s side', () => {
    expect(filed().do(sue, 'attribute', proposal)?.code).toBe('customer-first');
  });

  it('L2.5 is contested once by who has a share, and decided by somebody who is no party and did not propose', () => {
    const kase = satisfiedCase();
    expect(kase.do(sue, 'decide', verdict)?.code).toBe('not-attributed');
    kase.do(sue, 'attribute', proposal);
    expect(kase.do(sue, 'attribute', proposal)?.code).toBe('already-attributed');
    expect(kase.do({ ...lou, department: 'sales' }, 'agree', { reason: null })?.code).toBe('no-share');
    kase.do(lou, 'contest', { reason: 'w' });
    expect(kase.state.tracks.responsibility).toBe('contested');
    expect(kase.do(lou, 'agree', { reason: null })?.code).toBe('already-spoken');
    expect(kase.do(sam, 'decide', verdict)?.code).toBe('departments-not-heard');
    kase.do(pat, 'agree', { reason: null });
    expect(kase.do(sue, 'decide', verdict)?.code).toBe('proposer');
    expect(kase.do({ ...sam, department: 'production' }, 'decide', verdict)?.code).toBe('party');
    expect(kase.do(sam, 'decide', verdict)).toBeNull();
    expect(kase.do(sam, 'decide', verdict)?.code).toBe('already-decided');
  });

  it('is decided without the silent once the contest window has passed', () => {
    const kase = satisfiedCase();
    kase.do(sue, 'attribute', proposal, 4 * MIN);
    const window = 4 * MIN + 72 * HOUR;
    expect(kase.do(sam, 'decide', verdict, window)?.code).toBe('departments-not-heard');
    expect(kase.do(lou, 'contest', { reason: 'w' }, window + 1)?.code).toBe('contest-window-over');
    expect(kase.do(sam, 'decide', verdict, window + 1)).toBeNull();
  });

  it('L2.4 what a department found itself is dated before receipt', () => {
    const kase = satisfiedCase();
    const found = { ...shareOf('logistics'), conduct: 'self_found' as const, evidence: { text: 'w', at: T0 } };
    expect(kase.do(sue, 'attribute', { ...proposal, shares: [found] })).toMatchObject({ kind: 'invalid', code: 'evidence-late' });
    expect(kase.do(sue, 'attribute', { ...proposal, shares: [{ ...found, evidence: { text: 'w', at: plus(T0, -1) } }] })).toBeNull();
  });

  it('starts level 3 and its clock', () => {
    const kase = decidedCase();
    expect(levelOf(kase.state)).toBe(3);
    expect(clock(kase, 'attribution-1').end).toBe('stopped');
    expect(clock(kase, 'cause-1').end).toBeNull();
  });
});

describe('level 3 and the gate', () => {
  it('tells what is missing, one after the other', () => {
    const kase = filed();
    const gate = () => kase.do(sue, 'close', {})?.missing;
    expect(gate()).toEqual(['customer-not-done', 'responsibility-not-decided', 'cause-not-verified']);
    kase.do(ann, 'resolve', solution);
    expect(gate()).toEqual(['follow-up-open', 'responsibility-not-decided', 'cause-not-verified']);
    const later = decidedCase();
    expect(missing(later.state)).toEqual(['cause-not-verified']);
    later.do(sue, 'waive', { reason: 'w' });
    expect(missing(later.state)).toEqual(['waiver-not-approved']);
  });

  it('L3.5 closes by itself when the verdict arrives, and takes nothing after', () => {
    const kase = decidedCase();
    kase.do(quality, 'investigate', { investigation: 'inv' }, 7 * MIN);
    expect(kase.do(quality, 'investigate', { investigation: 'other' })?.code).toBe('already-linked');
    kase.do(system, 'inform', { ...news, rootAt: plus(T0, 8 * MIN) }, 8 * MIN);
    expect(types(kase.last)).toEqual(['informed', 'root_found']);
    expect(clock(kase, 'cause-1').end).toBe('stopped');
    kase.do(system, 'inform', { ...news, rootAt: plus(T0, 8 * MIN), measureAt: plus(T0, 9 * MIN) }, 9 * MIN);
    expect(kase.state.tracks.cause).toBe('improving');
    kase.do(
      system,
      'inform',
      { investigation: 'inv', rootAt: plus(T0, 8 * MIN), measureAt: plus(T0, 9 * MIN), verifiedAt: plus(T0, HOUR) },
      HOUR,
    );
    expect(types(kase.last)).toEqual(['informed', 'verified', 'closed']);
    expect(statusOf(kase.state)).toBe('closed');
    expect(kase.do(ann, 'note', { text: 'w' })?.code).toBe('closed');
    kase.escalate(sue, null);
    expect(kase.last).toEqual([]);
  });

  it('keeps a verdict that came before level 3 opened', () => {
    const kase = satisfiedCase();
    kase.do(quality, 'investigate', { investigation: 'inv' });
    expect(kase.do(system, 'inform', { ...news, investigation: 'other' })?.code).toBe('not-linked');
    kase.do(system, 'inform', { investigation: 'inv', rootAt: T0, measureAt: T0, verifiedAt: T0 });
    expect(types(kase.last)).toEqual(['informed']);
    kase.do(sue, 'attribute', { nature: 'customer', shares: [], note: 'w' });
    kase.do(sam, 'decide', verdict);
    expect(types(kase.last)).toEqual(['decided', 'root_found', 'improving', 'verified', 'closed']);
  });

  it('L3.5 a waiver takes two people', () => {
    const kase = decidedCase();
    expect(satisfiedCase().do(sue, 'waive', { reason: 'w' })?.code).toBe('responsibility-first');
    expect(kase.do(sam, 'approveWaiver', {})?.code).toBe('no-waiver');
    kase.do(sue, 'waive', { reason: 'w' });
    expect(kase.do(sue, 'waive', { reason: 'w' })?.code).toBe('waiver-requested');
    expect(kase.do(sue, 'approveWaiver', {})?.code).toBe('waiver-own');
    expect(kase.do(sam, 'refuseWaiver', { reason: 'w' })).toBeNull();
    kase.do(sue, 'waive', { reason: 'w' });
    kase.do(sam, 'approveWaiver', {});
    expect(types(kase.last)).toEqual(['waiver_approved', 'closed']);
  });

  it('L3.5 what has been verified is not waived any more', () => {
    const open = filed();
    open.do(ann, 'resolve', solution, MIN);
    open.do(quality, 'investigate', { investigation: 'inv' });
    open.do(sue, 'attribute', { nature: 'customer', shares: [], note: 'w' });
    open.do(sam, 'decide', verdict);
    open.do(sue, 'waive', { reason: 'w' });
    open.do(system, 'inform', { investigation: 'inv', rootAt: T0, measureAt: T0, verifiedAt: T0 });
    expect(open.do(sam, 'approveWaiver', {})?.code).toBe('cause-done');
    expect(open.state.tracks.cause).toBe('verified');
  });

  it('closes whichever item comes last: a reopened customer’s side', () => {
    const kase = decidedCase();
    const reopened = satisfiedCase();
    expect(reopened.do(customer, 'followUp', dissatisfied)?.code).toBe('no-follow-up');
    kase.do(sue, 'waive', { reason: 'w' });
    kase.do(sam, 'approveWaiver', {});
    expect(kase.state.closedAt).not.toBeNull();
    const last = filed();
    last.do(ann, 'resolve', solution, MIN);
    last.do(sue, 'attribute', { nature: 'customer', shares: [], note: 'w' }, 2 * MIN);
    last.do(sam, 'decide', verdict, 3 * MIN);
    last.do(sue, 'waive', { reason: 'w' }, 4 * MIN);
    last.do(sam, 'approveWaiver', {}, 5 * MIN);
    expect(missing(last.state)).toEqual(['follow-up-open']);
    last.wait(25 * HOUR);
    expect(types(last.last).at(-1)).toBe('closed');
    expect(last.state.closedAt).toBe(plus(T0, MIN + 24 * HOUR));
  });
});
