import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { office } from '../../../domain/calendar/office.js';
import { agreementOf } from '../../../domain/policy/agreement.js';
import { warningsOf } from '../../../domain/policy/check.js';
import { packs } from '../../../domain/policy/packs.js';
import { Policy } from '../../../domain/policy/schema.js';
import { readRecord } from '../../../domain/sla/clock.js';
import { alwaysOpen } from '../../../domain/sla/openTime.js';
import { millis, plus, type Instant } from '../../../domain/time.js';
import { ann, ben, clock, customer, dissatisfied, filed, head, message, sam, solution, sue, T0, type Case } from './given.js';

interface Vector {
  name: string; received: Instant; now: Instant; dueAt: Instant; state: string; breachedAt: Instant | null;
  steps: { at: Instant; do: string; refused?: string }[];
}
const vectors = JSON.parse(readFileSync(new URL('../vectors/cn-financial.json', import.meta.url), 'utf8')) as Vector[];

const calm = { response: 'P90D', resolution: 'P90D', acknowledge: 'P90D' };
const policy = Policy.parse({ name: 'bank', statutory: ['cn-financial'], tiers: { general: calm, serious: calm, urgent: calm }, followUp: { every: 'P20D' } });
const ID = 'statutory-cn-financial-1';
const reason = 'w-reason';
const after = (at: Instant) => millis(at) - millis(T0);
const DAY = 86_400_000;

function does(kase: Case, step: string, at: number) {
  switch (step) {
    case 'complex': return kase.do(ann, 'extend', { statute: null, extension: 'complex', reason }, at);
    case 'ask': return kase.do(ann, 'extend', { statute: 'cn-financial', extension: 'approved', reason }, at);
    case 'approve': return kase.do(head, 'approveExtension', { statute: null }, at);
    case 'resolve': return kase.do(ann, 'resolve', solution, at);
    case 'answer': return kase.do(ann, 'answer', message, at);
    case 'pause': return kase.do(ann, 'pause', { reason: 'customer_information', note: null }, at);
    case 'resume': return kase.do(ann, 'resume', {}, at);
    case 'urgent': return kase.do(sue, 'classify', { changes: { tier: 'urgent' }, reason }, at);
    case 'dissatisfied': return kase.do(customer, 'followUp', dissatisfied, at);
    default: throw new Error(step);
  }
}

describe('cn-financial', () => {
  it.each(vectors)('$name', ({ received, steps, now, ...expected }) => {
    const kase = filed(ann, { receivedAt: received }, policy);
    for (const step of steps) expect([step.do, does(kase, step.do, after(step.at))?.code]).toEqual([step.do, step.refused]);
    kase.wait(after(now));
    const { state, dueAt, breachedAt } = readRecord(clock(kase, ID), alwaysOpen, now);
    expect({ name: expected.name, state, dueAt, breachedAt }).toEqual(expected);
    expect(clock(kase, ID)).toMatchObject({ scope: 'statutory', pausable: false });
  });
});

describe('an extension', () => {
  const complex = (kase: Case, at = DAY) => does(kase, 'complex', at);

  it('is in the record with who asked, who approved and the limit it makes; and the limit warns anew', () => {
    const kase = filed(ann, {}, policy);
    kase.wait(14 * DAY);
    expect(clock(kase, ID).warned).toEqual([50, 75, 90]);
    expect(complex(kase, 14 * DAY)).toBeNull();
    expect(kase.last).toMatchObject([{ type: 'extended', by: 'ann', data: { statute: 'cn-financial', extension: 'complex', dueAt: plus(T0, 30 * DAY), reason } }]);
    expect(clock(kase, ID).warned).toEqual([]);
    kase.wait(16 * DAY);
    expect(kase.last).toMatchObject([{ type: 'clock_warned', at: plus(T0, 15 * DAY), data: { clock: ID, percent: 50 } }]);
    does(kase, 'ask', 17 * DAY);
    expect(kase.last).toMatchObject([{ type: 'extension_requested', data: { extension: 'approved', approval: 3 } }]);
    does(kase, 'approve', 18 * DAY);
    expect(kase.last).toMatchObject([{ type: 'extended', by: 'eve', data: { dueAt: plus(T0, 60 * DAY) } }]);
    expect(kase.state.extensions).toMatchObject([
      { extension: 'complex', state: 'granted', requestedBy: 'ann', decidedBy: 'ann' },
      { extension: 'approved', state: 'granted', requestedBy: 'ann', decidedBy: 'eve', decidedAt: plus(T0, 18 * DAY) },
    ]);
  });

  it('takes two people, and a rung', () => {
    const kase = filed(ann, {}, policy);
    complex(kase);
    kase.do(head, 'extend', { statute: null, extension: 'approved', reason });
    expect(kase.do(sam, 'approveExtension', { statute: null })?.code).toBe('rung-too-low');
    expect(kase.do(sam, 'refuseExtension', { statute: null, reason })?.code).toBe('rung-too-low');
    expect(kase.do(head, 'approveExtension', { statute: null })?.code).toBe('extension-own');
    const other = { ...head, by: 'eva' };
    expect(kase.do(other, 'refuseExtension', { statute: null, reason })).toBeNull();
    expect(kase.do(other, 'approveExtension', { statute: null })?.code).toBe('no-extension');
    expect(kase.do(ann, 'extend', { statute: null, extension: 'approved', reason })).toBeNull();
    expect(kase.do(ann, 'extend', { statute: null, extension: 'approved', reason })?.code).toBe('extension-requested');
    expect(kase.do(other, 'approveExtension', { statute: null })).toBeNull();
  });

  it.each<[string, Policy, string | null, string, string]>([
    ['a limit that the policy has not', policy, 'other', 'complex', 'statute-unknown'],
    ['a policy without any', Policy.parse({ name: 'bare', tiers: { general: {}, serious: {}, urgent: {} } }), null, 'complex', 'no-statute'],
    ['an extension that the limit has not', policy, null, 'another', 'extension-unknown'],
  ])('of %s is refused', (_name, under, statute, extension, code) => {
    expect(filed(ann, {}, under).do(ann, 'extend', { statute, extension, reason })?.code).toBe(code);
  });

  it('is for who handles the case, while it is handled', () => {
    const kase = filed(ann, {}, policy);
    expect(kase.do(ben, 'extend', { statute: null, extension: 'complex', reason })?.code).toBe('not-yours');
    kase.do(ann, 'resolve', solution);
    expect(complex(kase)?.code).toBe('statute-not-running');
  });

  it('starts anew only when a withdrawal is taken back', () => {
    const kase = filed(ann, {}, policy);
    kase.do(ann, 'withdraw', { reason, message: reason }, DAY);
    expect(clock(kase, ID).end).toBe('cancelled');
    kase.do(customer, 'retractWithdrawal', {}, 2 * DAY);
    expect(clock(kase, 'statutory-cn-financial-2')).toMatchObject({ startedAt: plus(T0, 2 * DAY), end: null });
    expect(complex(kase, 3 * DAY)).toBeNull();
  });
});

describe('an extension that waits', () => {
  const two = Policy.parse({
    name: 'two', tiers: { general: calm, serious: calm, urgent: calm },
    statutory: [
      { name: 'one', within: 'P10D', extensions: [{ name: 'more', by: 'P5D', approval: 1 }] }, { name: 'other', within: 'P20D', extensions: [{ name: 'more', by: 'P5D', approval: 3 }] },
    ],
  });
  const ask = (kase: Case, statute: string) => kase.do(ann, 'extend', { statute, extension: 'more', reason });

  it('of several is named', () => {
    const kase = filed(ann, {}, two);
    ask(kase, 'one');
    ask(kase, 'other');
    expect(kase.do(head, 'approveExtension', { statute: null })).toMatchObject({ code: 'statute-unknown', kind: 'invalid' });
    expect(kase.do(sue, 'approveExtension', { statute: 'one' })).toBeNull();
    expect(kase.do(sue, 'approveExtension', { statute: 'other' })?.code).toBe('rung-too-low');
    expect(kase.state.extensions).toMatchObject([{ statute: 'one', state: 'granted' }, { statute: 'other', state: 'requested' }]);
  });

  it('is gone with the limit that it was for', () => {
    const kase = filed(ann, {}, two);
    ask(kase, 'one');
    kase.do(ann, 'withdraw', { reason, message: reason }, DAY);
    expect(kase.do(sue, 'approveExtension', { statute: 'one' })?.code).toBe('no-extension');
    kase.do(customer, 'retractWithdrawal', {}, 2 * DAY);
    expect(kase.do(sue, 'approveExtension', { statute: 'one' })?.code).toBe('no-extension');
    expect(ask(kase, 'one')).toBeNull();
    expect(kase.do(sue, 'approveExtension', { statute: 'one' })).toBeNull();
    expect(clock(kase, 'statutory-one-2').budgetMs).toBe(15 * DAY);
  });
});

describe('a limit on a calendar', () => {
  const days = { name: 'days', calendar: 'office', within: { businessDays: 5 }, extensions: [{ name: 'more', by: { businessDays: 5 } }, { name: 'most', to: { businessDays: 20 } }] };
  const pinned = {
    policy: Policy.parse({ name: 'days', statutory: [days], tiers: { general: calm, serious: calm, urgent: calm } }), versions: { office: 1 }, calendars: { 'office/1': office },
  };
  const limit = (kase: Case) => readRecord(clock(kase, 'statutory-days-1'), agreementOf(pinned).hours, T0).dueAt;

  it('is extended by its business days, to their closing times', () => {
    const kase = filed(ann, { calendars: { office: 1 } }, pinned);
    // Monday the 2nd does not count: five days end on Monday the 9th, ten on the 16th, twenty on the 30th
    expect(limit(kase)).toBe('2026-11-09T10:00:00.000Z');
    kase.do(ann, 'extend', { statute: null, extension: 'more', reason });
    expect(limit(kase)).toBe('2026-11-16T10:00:00.000Z');
    kase.do(ann, 'extend', { statute: null, extension: 'most', reason });
    expect(limit(kase)).toBe('2026-11-30T10:00:00.000Z');
  });

  it('is not extended beyond the years of its calendar', () => {
    const late = '2027-12-20T01:00:00.000Z';
    const kase = filed(ann, { receivedAt: late, calendars: { office: 1 } }, pinned);
    expect(limit(kase)).toBe('2027-12-27T10:00:00.000Z');
    expect(kase.do(ann, 'extend', { statute: null, extension: 'more', reason }, after('2027-12-21T01:00:00.000Z'))?.code).toBe('extension-no-later');
  });
});

describe('a policy with a regulator’s limit', () => {
  const faults = (statutory: unknown) => Policy.safeParse({ name: 'x', statutory, tiers: { general: {}, serious: {}, urgent: {} } }).error?.issues.map((issue) => issue.path.join('.'));
  it('has the pack’s own in it, and a ladder that knows it', () => {
    expect(policy.statutory).toEqual(packs[0]?.statutes);
    expect(policy.ladder.filter((entry) => 'clock' in entry && entry.clock === 'statutory')).toHaveLength(2);
  });
  it.each<[string, string, unknown]>([
    ['a pack that there is none', 'statutory.0', ['nonsense']],
    ['the same twice', 'statutory.1.name', ['cn-financial', 'cn-financial']],
    ['business days without a calendar', 'statutory.0.within', [{ name: 'a', within: { businessDays: 5 } }]],
    ['days of 24 hours on one', 'statutory.0.within', [{ name: 'a', within: 'P5D', calendar: 'office' }]],
    ['an extension that says nothing', 'statutory.0.extensions.0', [{ name: 'a', within: 'P5D', extensions: [{ name: 'b' }] }]],
    ['an extension that is no longer than the limit', 'statutory.0.extensions.0.to', [{ name: 'a', within: 'P15D', extensions: [{ name: 'b', to: 'P10D' }] }]],
    ['an extension twice', 'statutory.0.extensions.1.name', [{ name: 'a', within: 'P5D', extensions: [{ name: 'b', by: 'P1D' }, { name: 'b', by: 'P1D' }] }]],
  ])('is refused with %s', (_name, path, statutory) => expect(faults(statutory)).toEqual([path]));
  it('warns of a promise that is longer than the limit, and of a limit that nobody hears of', () => {
    const codes = warningsOf(agreementOf({ policy: { ...policy, ladder: [] } }), T0).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['statute-first', 'statute-silent']));
    const sound = Policy.parse({ name: 'x', statutory: ['cn-financial'], tiers: { general: {}, serious: {}, urgent: {} } });
    expect(warningsOf(agreementOf({ policy: sound }), T0).map(({ code }) => code)).toEqual(['worse-tier-slower', 'worse-tier-slower']);
  });
});
