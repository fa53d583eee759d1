import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, relive, stepsOf } from '../../../domain/complaint/whatIf.js';
import { agreementOf } from '../../../domain/policy/agreement.js';
import { defaultPolicy } from '../../../domain/policy/default.js';
import { Policy } from '../../../domain/policy/schema.js';
import { plus } from '../../../domain/time.js';
import { ann, customer, filed, HOUR, message, MIN, satisfied, solution, sue, T0, type Case } from './given.js';

const own = agreementOf({ policy: defaultPolicy });
const swift = agreementOf({ policy: Policy.parse({ name: 'swift', tiers: { general: { response: 'PT5M', resolution: 'PT1H' }, serious: {}, urgent: {} }, pause: {} }) });

/** Answered after ten minutes, paused, resolved after two hours. */
function handled(): Case {
  const kase = filed();
  kase.do(ann, 'answer', message, 10 * MIN);
  kase.do(ann, 'pause', { reason: 'customer_information', note: null }, 20 * MIN);
  kase.do(ann, 'resume', {}, 30 * MIN);
  kase.escalate(sue, 1, 40 * MIN);
  kase.do(sue, 'acknowledge', {}, 41 * MIN);
  kase.do(ann, 'resolve', solution, 2 * HOUR);
  kase.do(customer, 'followUp', satisfied, 3 * HOUR);
  return kase;
}

const again = (kase: Case, agreement: typeof own) => relive(kase.file, stepsOf(kase.events, kase.commands), agreement, kase.events.at(-1)?.at ?? T0);

describe('a case lived again', () => {
  it('under its own agreement comes out as it was, event by event', () => {
    const kase = handled();
    expect(again(kase, own)).toEqual({ events: kase.events, impossible: [] });
  });
  it('under another has the breaches and rungs of that one, and tells what could not have been done', () => {
    const { events, impossible } = again(handled(), swift);
    const { breaches, escalations } = outcomeOf(events);
    expect(breaches.slice(0, 3)).toEqual([
      { clock: 'response-1', at: plus(T0, 5 * MIN) }, { clock: 'acknowledge-e1', at: plus(T0, 35 * MIN) }, { clock: 'resolution-1', at: plus(T0, HOUR) },
    ]);
    expect(escalations.slice(0, 4).map(({ cause, at }) => [cause, at])).toEqual([
      ['breach', plus(T0, 5 * MIN)], ['unacknowledged', plus(T0, 35 * MIN)], ['warning', plus(T0, 54 * MIN)], ['breach', plus(T0, HOUR)],
    ]);
    expect(impossible).toEqual([
      { command: 'pause', at: plus(T0, 20 * MIN), code: 'pause-reason-unknown' }, { command: 'resume', at: plus(T0, 30 * MIN), code: 'not-paused' },
    ]);
  });
  it('hears news of its investigation again, which nobody commanded', () => {
    const kase = handled();
    const news = { investigation: 'inv', rootAt: T0, measureAt: null, verifiedAt: null };
    kase.do(ann, 'investigate', { investigation: 'inv' }, 4 * HOUR);
    kase.do({ by: 'system', role: 'system', rung: null, department: null }, 'inform', news, 5 * HOUR);
    const informing = kase.events.find(({ type }) => type === 'informed')?.command ?? '';
    kase.commands.delete(informing);
    expect(again(kase, own).events).toEqual(kase.events);
  });
  it('what came at the instant of a breach and after it is late again', () => {
    const kase = filed();
    kase.wait(31 * MIN);
    // written before, and counted at the last event's instant
    kase.do(ann, 'answer', message, 29 * MIN);
    expect(kase.events.slice(-3).map(({ type, at }) => [type, at])).toEqual([
      ['clock_breached', plus(T0, 30 * MIN)], ['escalated', plus(T0, 30 * MIN)], ['answered', plus(T0, 30 * MIN)],
    ]);
    expect(again(kase, own).events).toEqual(kase.events);
  });
  it('whatever was done when: it comes out as it was', () => {
    const gap = fc.integer({ min: 0, max: 30 * HOUR });
    const step = fc.constantFrom('answer', 'note', 'pause', 'resume', 'escalate', 'acknowledge', 'urgent', 'resolve', 'satisfied', 'not');
    fc.assert(fc.property(fc.array(fc.tuple(gap, step), { maxLength: 25 }), (taken) => {
      const kase = filed();
      let now = 0;
      for (const [after, what] of taken) {
        now += after;
        if (what === 'answer') kase.do(ann, 'answer', message, now);
        if (what === 'note') kase.do(ann, 'note', { text: 'w' }, now);
        if (what === 'pause') kase.do(ann, 'pause', { reason: 'customer_information', note: null }, now);
        if (what === 'resume') kase.do(ann, 'resume', {}, now);
        if (what === 'escalate') kase.escalate(sue, null, now);
        if (what === 'acknowledge') kase.do({ ...sue, rung: 3 }, 'acknowledge', {}, now);
        if (what === 'urgent') kase.do(ann, 'classify', { changes: { tier: 'urgent' }, reason: 'w' }, now);
        if (what === 'resolve') kase.do(ann, 'resolve', solution, now);
        if (what === 'satisfied' || what === 'not') kase.do(customer, 'followUp', { ...satisfied, satisfied: what === 'satisfied' }, now);
      }
      expect(again(kase, own)).toEqual({ events: kase.events, impossible: [] });
    }), { numRuns: 150 });
  });
});
