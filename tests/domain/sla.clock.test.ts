import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyClockChanges, cancelClock, dueOf, nextDeadline, pauseClock, readClock, readRecord, rebudgetClock, resumeClock, startClock, stopClock,
  type Clock, type ClockChange, type ClockStart,
} from '../../domain/sla/clock.js';
import { alwaysOpen } from '../../domain/sla/openTime.js';
import { latest, type Instant } from '../../domain/time.js';
import { ORIGIN, second, slowOpenTime, slowReading, type Hours } from './sla.reference.js';

const MINUTE = 60_000;
const open = alwaysOpen;
const allowing = (budgetMs: number) => ({ budgetMs, calendar: null });
const at = (clock: string): Instant => `2026-11-02T${clock.length === 5 ? `${clock}:00` : clock}.000Z`;
const start: ClockStart = {
  id: 'resolution-1', name: 'resolution', cycle: 1, request: null, scope: 'service', pausable: true, budgetMs: 60 * MINUTE, warnAt: [50, 75, 90], at: at('00:00'),
};

function started(change: Partial<ClockStart> = {}): Clock {
  return after(null, startClock({ ...start, ...change }, open));
}
function after(clock: Clock | null, ...changes: (ClockChange | null)[]): Clock {
  const [next] = applyClockChanges(clock ? [clock] : [], changes.filter((change) => change !== null));
  if (!next) throw new Error('no clock');
  return next;
}
const pause = (clock: Clock, when: Instant) => after(clock, pauseClock(clock, when, open));
const resume = (clock: Clock, when: Instant) => after(clock, resumeClock(clock, when, open));
const stop = (clock: Clock, when: Instant) => after(clock, stopClock(clock, when, open));
const cancel = (clock: Clock, when: Instant) => after(clock, cancelClock(clock, when, open));
const breached = (clock: Clock, when: Instant): Clock => ({ ...clock, breachedAt: when });

describe('a change of a clock carries its due date', () => {
  it('start', () => expect(startClock(start, open)).toEqual({ ...start, op: 'start', dueAt: at('01:00') }));
  it('pause: none', () => expect(pauseClock(started(), at('00:10'), open)).toEqual({ op: 'pause', id: start.id, at: at('00:10'), dueAt: null }));
  it('pause after a breach: the breach', () => expect(pauseClock(breached(started(), at('01:00')), at('01:10'), open).dueAt).toBe(at('01:00')));
  it('resume: what is left from then', () => expect(resumeClock(pause(started(), at('00:10')), at('00:30'), open).dueAt).toBe(at('01:20')));
  it('stop: the date that was met', () => expect(stopClock(started(), at('00:20'), open).dueAt).toBe(at('01:00')));
  it('stop while paused: none', () => expect(stopClock(pause(started(), at('00:10')), at('00:20'), open).dueAt).toBeNull());
  it('budget', () => expect(rebudgetClock(started(), allowing(30 * MINUTE), at('00:05'), open, 'raised')).toEqual({ op: 'budget', id: start.id, at: at('00:05'), budgetMs: 30 * MINUTE, dueAt: at('00:30') }));
});

describe('the ledger', () => {
  it('takes a back-dated resume, and never before the pause', () => {
    const held = pause(started(), at('00:10'));
    expect(dueOf(resume(held, at('00:20')), open)).toBe(at('01:10'));
    expect(dueOf(resume(held, at('00:05')), open)).toBe(at('01:00'));
  });
  it('takes a back-dated stop, and never before what it knows', () => {
    const clock = resume(pause(started(), at('00:10')), at('00:20'));
    expect(stop(clock, at('00:15')).log.at(-1)).toEqual({ at: at('00:20'), type: 'stop' });
    expect(stop(clock, at('00:40')).log.at(-1)).toEqual({ at: at('00:40'), type: 'stop' });
  });
  it('has no pause when the clock is not pausable', () => {
    const clock = pause(started({ pausable: false }), at('00:10'));
    expect(clock.log).toEqual([]);
    expect(pauseClock(clock, at('00:10'), open).dueAt).toBe(at('01:00'));
  });
  it('is closed by a stop', () => {
    const ended = stop(started(), at('00:20'));
    expect([stop(ended, at('00:30')), pause(ended, at('00:30')), cancel(ended, at('00:30'))]).toEqual([ended, ended, ended]);
    expect(rebudgetClock(ended, allowing(MINUTE), at('00:30'), open, 'raised')).toBeNull();
  });
  it('must be known, and starts once', () => {
    expect(() => applyClockChanges([], [pauseClock(started(), at('00:10'), open)])).toThrow('there is no clock resolution-1');
    expect(() => applyClockChanges([started()], [startClock(start, open)])).toThrow('has been started before');
  });
  it('leaves other clocks alone', () => {
    const other = started({ id: 'response-1', name: 'response' });
    expect(applyClockChanges([started(), other], [stopClock(started(), at('00:20'), open)])[1]).toBe(other);
  });
});

describe('a reading', () => {
  it.each([
    ['met', stop(started(), at('01:00')), { state: 'met', stoppedAt: at('01:00'), breachedAt: null }],
    ['met late is breached', stop(started(), at('01:30')), { state: 'breached', stoppedAt: at('01:30'), breachedAt: at('01:00'), consumedMs: 90 * MINUTE }],
    ['cancelled', cancel(started(), at('00:30')), { state: 'cancelled', stoppedAt: at('00:30'), breachedAt: null, consumedMs: 30 * MINUTE }],
    ['cancelled while paused', cancel(pause(started(), at('00:10')), at('00:30')), { state: 'cancelled', dueAt: null, consumedMs: 10 * MINUTE }],
    ['cancelled after a breach is breached', cancel(started(), at('02:00')), { state: 'breached', stoppedAt: at('02:00'), breachedAt: at('01:00') }],
    ['running late is breached', started(), { state: 'breached', dueAt: at('01:00'), stoppedAt: null }],
  ])('%s', (_name, clock, expected) => expect(readClock(clock, open, at('03:00'))).toMatchObject(expected));

  it('counts what the ledger knows for a reader whose own clock is slow', () => {
    expect(readClock(stop(started(), at('01:30')), open, at('01:00'))).toMatchObject({ state: 'breached', consumedMs: 90 * MINUTE });
  });

  it('of the record shows a breach only when an event has told it', () => {
    const clock = started();
    expect(readRecord(clock, open, at('02:00'))).toMatchObject({ state: 'running', dueAt: at('01:00'), breachedAt: null, consumedMs: 120 * MINUTE });
    const told = { ...breached(clock, at('01:00')), warned: [50] };
    expect(readRecord(told, open, at('02:00'))).toMatchObject({ state: 'breached', breachedAt: at('01:00') });
  });
});

describe('the next deadline', () => {
  const warned: Clock = { ...started(), warned: [50, 75, 90] };
  it.each<[string, Clock, ReturnType<typeof nextDeadline>]>([
    ['is the first warning', started(), { at: at('00:30'), kind: 'warning', percent: 50 }],
    ['then the next', { ...started(), warned: [50] }, { at: at('00:45'), kind: 'warning', percent: 75 }],
    ['whatever order the policy lists them in', started({ warnAt: [90, 50] }), { at: at('00:30'), kind: 'warning', percent: 50 }],
    ['then the breach', warned, { at: at('01:00'), kind: 'breach' }],
    ['then none', breached(warned, at('01:00')), null],
    ['none while paused', pause(started(), at('00:10')), null],
    ['none after a stop', stop(started(), at('00:10')), null],
    ['none after a cancel', cancel(started(), at('00:10')), null],
    ['later by what was paused', resume(pause(started(), at('00:10')), at('00:20')), { at: at('00:40'), kind: 'warning', percent: 50 }],
    ['at once when nothing is left', resume(pause(warned, at('01:00')), at('05:00')), { at: at('05:00'), kind: 'breach' }],
    ['a warning before a breach at the same instant', started({ warnAt: [100] }), { at: at('01:00'), kind: 'warning', percent: 100 }],
    ['the breach of a tighter budget that was used up before the pause', after(pause(started(), at('00:40')), { op: 'budget', id: start.id, at: at('00:50'), budgetMs: 10 * MINUTE, dueAt: null }), { at: at('00:10'), kind: 'breach' }],
  ])('%s', (_name, clock, expected) => expect(nextDeadline(clock, open)).toEqual(expected));
});

describe('a change of tier (spec: sla, policy)', () => {
  it('raised: the tighter budget holds', () => {
    expect(rebudgetClock(started(), allowing(10 * MINUTE), at('00:05'), open, 'raised')?.dueAt).toBe(at('00:10'));
    expect(rebudgetClock(started(), allowing(90 * MINUTE), at('00:05'), open, 'raised')).toBeNull();
    expect(rebudgetClock(started(), allowing(60 * MINUTE), at('00:05'), open, 'raised')).toBeNull();
  });
  it('raised past what is used: due in the past, and breached then', () => {
    const clock = after(started(), rebudgetClock(started(), allowing(10 * MINUTE), at('00:20'), open, 'raised'));
    expect(readClock(clock, open, at('00:20'))).toMatchObject({ state: 'breached', dueAt: at('00:10') });
  });
  it('lowered: the new budget from the start, also when it is tighter', () => {
    expect(rebudgetClock(started(), allowing(90 * MINUTE), at('00:05'), open, 'lowered')?.dueAt).toBe(at('01:30'));
    expect(rebudgetClock(started(), allowing(30 * MINUTE), at('00:05'), open, 'lowered')?.dueAt).toBe(at('00:30'));
  });
  it('lowered: what was paused stays paused', () => {
    const clock = resume(pause(started(), at('00:10')), at('00:30'));
    expect(rebudgetClock(clock, allowing(90 * MINUTE), at('00:40'), open, 'lowered')?.dueAt).toBe(at('01:50'));
  });
  it('an earlier breach stays, and nothing more is due', () => {
    const late = breached(started(), at('01:00'));
    const lowered = after(late, rebudgetClock(late, allowing(300 * MINUTE), at('01:30'), open, 'lowered'));
    expect(lowered.budgetMs).toBe(300 * MINUTE);
    expect(readClock(lowered, open, at('02:00'))).toMatchObject({ state: 'breached', breachedAt: at('01:00'), dueAt: at('01:00') });
    expect(nextDeadline(lowered, open)).toBeNull();
  });
});

const always: Hours = () => true;
/** Open 60 seconds of every 100, from the 20th on. */
const shifts: Hours = (s) => (s + 80) % 100 < 60;

const ledgers = fc.record({
  budget: fc.integer({ min: 1, max: 4 }).map((n) => n * 100),
  warnAt: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 4 }).map((percents) => percents.sort((a, b) => a - b)),
  // few different instants, so that entries meet each other, the due date and the warnings
  log: fc.array(fc.record({ at: fc.integer({ min: 0, max: 30 }).map((n) => n * 20), type: fc.constantFrom('pause', 'resume', 'pause', 'resume', 'stop') }), { maxLength: 8 }),
  now: fc.integer({ min: 0, max: 60 }).map((n) => n * 20),
});

describe.each([['around the clock', always, alwaysOpen], ['in shifts', shifts, () => slowOpenTime(shifts)]] as const)('every ledger, %s', (_name, hours, openTime) => {
  it('reads as it does when its seconds are let pass one by one', () => {
    fc.assert(fc.property(ledgers, ({ budget, warnAt, log, now }) => {
      const happened = log.filter((entry) => entry.at <= now).sort((a, b) => a.at - b.at);
      const clock: Clock = {
        ...started({ at: ORIGIN, budgetMs: budget * 1000, warnAt }), log: happened.map((entry) => ({ ...entry, at: second(entry.at) })),
        end: happened.some((entry) => entry.type === 'stop') ? 'stopped' : null,
      };
      const { stoppedAt: _stoppedAt, ...reading } = readClock(clock, openTime, second(now));
      expect(reading).toEqual(slowReading({ budget, warnAt, log: happened, now }, hours));
    }), { numRuns: 500 });
  }, 60_000);
});

type Step = { after: number; do: 'pause' | 'resume' | 'raise' | 'lower' | 'stop' | 'cancel' | 'wait'; budget: number };
const steps = fc.array(fc.record<Step>({
  after: fc.integer({ min: 0, max: 20 }).map((n) => n * 10),
  do: fc.constantFrom('pause', 'resume', 'pause', 'resume', 'raise', 'lower', 'wait', 'stop', 'cancel'),
  budget: fc.integer({ min: 1, max: 4 }).map((n) => n * 100),
}), { maxLength: 15 });

/** A clock as a case keeps it: before each step, every deadline before its instant is recorded. */
function live(course: Step[], see: (before: Clock, step: Step, change: ClockChange | null, now: Instant) => void = () => undefined) {
  let clock = started({ at: ORIGIN, budgetMs: 200_000 });
  let now = ORIGIN;
  const told: { at: Instant; kind: string; percent?: number }[] = [];
  for (const step of course) {
    now = second((Date.parse(now) - Date.parse(ORIGIN)) / 1000 + step.after);
    for (let next = nextDeadline(clock, open); next && next.at < now; next = nextDeadline(clock, open)) {
      told.push(next);
      clock = next.kind === 'breach' ? { ...clock, breachedAt: next.at } : { ...clock, warned: [...clock.warned, next.percent] };
    }
    const change = changeOf(clock, step, now);
    see(clock, step, change, now);
    clock = after(clock, change);
  }
  return { clock, told, now };
}

function changeOf(clock: Clock, step: Step, now: Instant): ClockChange | null {
  switch (step.do) {
    case 'pause': return pauseClock(clock, now, open);
    case 'resume': return resumeClock(clock, now, open);
    case 'stop': return stopClock(clock, now, open);
    case 'cancel': return cancelClock(clock, now, open);
    case 'raise': return rebudgetClock(clock, allowing(step.budget * 1000), now, open, 'raised');
    case 'lower': return rebudgetClock(clock, allowing(step.budget * 1000), now, open, 'lowered');
    case 'wait': return null;
  }
}

describe('every course of a clock', () => {
  it('warns of each percentage once, breaches once, and in order within one budget', () => {
    fc.assert(fc.property(steps, (course) => {
      const { told } = live(course);
      const warnings = told.flatMap((one) => one.percent ?? []);
      expect(new Set(warnings).size).toBe(warnings.length);
      expect(told.filter((one) => one.kind === 'breach').length).toBeLessThanOrEqual(1);
      expect(told.slice(0, -1).every((one) => one.kind === 'warning')).toBe(true);
      const { told: steady } = live(course.filter((step) => step.do !== 'raise' && step.do !== 'lower'));
      expect(steady.map((one) => one.at)).toEqual(steady.map((one) => one.at).sort());
    }), { numRuns: 400 });
  });

  it('never loses a breach, and shows it as the due date', () => {
    fc.assert(fc.property(steps, (course) => {
      const { clock, now } = live(course, (before, _step, change) => {
        if (before.breachedAt !== null && change) expect(change.dueAt).toBe(before.breachedAt);
      });
      const { told } = live(course);
      const breach = told.find((one) => one.kind === 'breach');
      expect(clock.breachedAt).toBe(breach?.at ?? null);
      if (breach) expect(readClock(clock, open, now)).toMatchObject({ state: 'breached', dueAt: breach.at, breachedAt: breach.at });
    }), { numRuns: 400 });
  });

  it('never moves a due date later by raising the tier', () => {
    fc.assert(fc.property(steps, (course) => {
      live(course, (before, step, change) => {
        const due = dueOf(before, open);
        if (step.do === 'raise' && change && due !== null) expect(latest(due, change.dueAt ?? '')).toBe(due);
      });
    }), { numRuns: 400 });
  });

  it('records the breach that its ledger computes, as long as its budget stays', () => {
    fc.assert(fc.property(steps, (course) => {
      const { clock, now } = live([...course.filter((step) => step.do !== 'raise' && step.do !== 'lower'), { after: 0, do: 'wait', budget: 0 }]);
      const computed = readClock({ ...clock, breachedAt: null, warned: [] }, open, now);
      expect(clock.breachedAt).toBe(computed.breachedAt);
      const edges = [now, ...clock.log.map((entry) => entry.at)];
      expect(computed.warnings.filter(({ percent, at: reached }) => !clock.warned.includes(percent) && !edges.includes(reached))).toEqual([]);
      expect(clock.warned.every((percent) => computed.warnings.some((warning) => warning.percent === percent))).toBe(true);
    }), { numRuns: 400 });
  });
});
