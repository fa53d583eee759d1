import { describe, expect, it } from 'vitest';
import type { Decision } from '../../domain/refusal.js';
import { advance, nextDeadline } from '../../domain/investigation/decide.js';
import type { InvestigationEvent } from '../../domain/investigation/event.js';
import { missing } from '../../domain/investigation/gate.js';
import { newsOf } from '../../domain/investigation/news.js';
import { InvestigationBodies, OpenInvestigation } from '../../domain/investigation/schema.js';
import { aCause, aMeasure, concluded, day, done, ID, opened, say, withCause, withDone, withEffect, withMeasure, withReading, withRoot } from './investigation.case.js';

type Said = Decision<InvestigationEvent>;
const codeOf = (decision: Said) => ('refusal' in decision ? decision.refusal.code : decision.events.map((event) => event.type).join(' '));
const verdict = (effective: boolean) => ({ measure: 'm1', effective, note: 'w' });
const reading = (value: number, takenAt: string | null = null) => ({ measure: 'm1', value, takenAt });

describe('level 3 from opening to conclusion (L3.1–L3.3)', () => {
  it('leaves these events, numbered without a gap', () => {
    const { events } = concluded();
    expect(events.map((event) => event.type)).toEqual([
      'opened', 'cause_added', 'cause_found', 'measure_added', 'measure_done', 'reading_taken', 'verdict_given', 'concluded',
    ]);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
  it('is signed by who did it and the command it came of', () => {
    const at = day(3);
    const file = done(opened(), 'cause', aCause, { by: 'sue', role: 'supervisor', at });
    expect(file.events.at(-1)).toMatchObject({ at, by: 'sue', role: 'supervisor' });
    expect(file.events.at(-1)?.command).toMatch(/^i\d+$/);
  });
  it('opens with the complaints it is for, each once', () => {
    const { state, events } = opened(['a', 'b', 'a']);
    expect(state.complaints).toEqual(['a', 'b']);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3]);
  });
  it('numbers causes and measures', () => {
    const file = done(withMeasure(), 'cause', aCause);
    expect(done(file, 'measure', aMeasure).state.measures.map((measure) => measure.id)).toEqual(['m1', 'm2']);
    expect(file.state.causes.map((cause) => cause.id)).toEqual(['c1', 'c2']);
  });
});

describe('what the rules say', () => {
  it.each<[string, () => Said, string]>([
    ['a cause with more whys than the policy takes', () => say(opened(), 'cause', { ...aCause, whys: Array<string>(6).fill('w') }), 'too-many-whys'],
    ['a why for a chain that grows', () => say(withCause(), 'why', { cause: 'c1', text: 'w4' }), 'why_added'],
    ['a why beyond the policy\'s most', () => say(done(opened(), 'cause', { ...aCause, whys: Array<string>(5).fill('w') }), 'why', { cause: 'c1', text: 'w' }), 'too-many-whys'],
    ['a why for a cause that is not there', () => say(withCause(), 'why', { cause: 'c2', text: 'w' }), 'cause-unknown'],
    ['a why after the finding', () => say(withRoot(), 'why', { cause: 'c1', text: 'w' }), 'already-found'],
    ['a root with the least whys', () => say(withCause(), 'finding', { cause: 'c1', root: true, note: 'w' }), 'cause_found'],
    ['a root with fewer', () => say(done(opened(), 'cause', { ...aCause, whys: ['w1', 'w2'] }), 'finding', { cause: 'c1', root: true, note: 'w' }), 'too-few-whys'],
    ['ruling out with fewer', () => say(done(opened(), 'cause', { ...aCause, whys: [] }), 'finding', { cause: 'c1', root: false, note: 'w' }), 'cause_found'],
    ['a second finding', () => say(withRoot(), 'finding', { cause: 'c1', root: false, note: 'w' }), 'already-found'],
    ['a finding of nothing', () => say(opened(), 'finding', { cause: 'c1', root: false, note: 'w' }), 'cause-unknown'],
    ['a measure for a root', () => say(withRoot(), 'measure', aMeasure), 'measure_added'],
    ['a measure for a candidate', () => say(withCause(), 'measure', aMeasure), 'not-a-root'],
    ['a measure for a cause that is not there', () => say(withRoot(), 'measure', { ...aMeasure, cause: 'c9' }), 'cause-unknown'],
    ['done by its owner, whatever their role', () => say(withMeasure(), 'done', { measure: 'm1', note: null }, { by: 'olaf', role: 'department' }), 'measure_done'],
    ['done by somebody else of a department', () => say(withMeasure(), 'done', { measure: 'm1', note: null }, { by: 'ove', role: 'department' }), 'not-yours'],
    ['done twice', () => say(withDone(), 'done', { measure: 'm1', note: null }, { at: day(11) }), 'already-done'],
    ['done of nothing', () => say(withMeasure(), 'done', { measure: 'm2', note: null }), 'measure-unknown'],
    ['a reading before the measure is done', () => say(withMeasure(), 'reading', reading(9)), 'reading_taken'],
    ['a reading taken earlier', () => say(withMeasure(), 'reading', reading(9, day(1))), 'reading_taken'],
    ['a reading taken in the future', () => say(withMeasure(), 'reading', reading(9, day(3))), 'reading-ahead'],
    ['a reading by a stranger', () => say(withMeasure(), 'reading', reading(9), { by: 'ove', role: 'department' }), 'not-yours'],
    ['a reading after the verdict', () => say(withEffect(), 'reading', reading(9), { at: day(17) }), 'verdict-given'],
    ['effective with the target met when the window is over', () => say(withReading(3), 'verdict', verdict(true), { at: day(15) }), 'verdict_given'],
    ['effective by who owns the measure', () => say(withReading(3), 'verdict', verdict(true), { at: day(16), by: 'olaf' }), 'own-measure'],
    ['ineffective by who owns the measure', () => say(withReading(9), 'verdict', verdict(false), { at: day(16), by: 'olaf' }), 'own-measure'],
    ['effective before it is done', () => say(withMeasure(), 'verdict', verdict(true)), 'measure-not-done'],
    ['effective while it is observed', () => say(withReading(3), 'verdict', verdict(true), { at: day(15, '08:59:59.999') }), 'window-open'],
    ['effective without a reading', () => say(withDone(), 'verdict', verdict(true), { at: day(16) }), 'no-reading'],
    ['effective on a reading taken before it was done', () => say(done(withDone(), 'reading', reading(2, day(9)), { at: day(12) }), 'verdict', verdict(true), { at: day(16) }), 'no-reading'],
    ['effective with the target missed', () => say(withReading(4), 'verdict', verdict(true), { at: day(16) }), 'target-not-met'],
    ['effective when only an earlier reading met the target', () => say(done(withReading(2), 'reading', reading(5), { at: day(13) }), 'verdict', verdict(true), { at: day(16) }), 'target-not-met'],
    ['effective when a reading recorded later was taken earlier', () => say(done(withReading(2, day(13)), 'reading', reading(5, day(12)), { at: day(14) }), 'verdict', verdict(true), { at: day(16) }), 'verdict_given'],
    ['effective when of two readings of one instant the last one missed', () => say(done(withReading(2, day(13)), 'reading', reading(5, day(13)), { at: day(14) }), 'verdict', verdict(true), { at: day(16) }), 'target-not-met'],
    ['ineffective at any time', () => say(withMeasure(), 'verdict', verdict(false)), 'verdict_given'],
    ['a second verdict', () => say(withEffect(), 'verdict', verdict(false), { at: day(17) }), 'verdict-given'],
    ['concluding with nothing missing', () => say(withEffect(), 'conclude', {}, { at: day(17) }), 'concluded'],
    ['concluding too early', () => say(withDone(), 'conclude', {}, { at: day(11) }), 'gate-shut'],
    ['anything after the conclusion', () => say(concluded(), 'cause', aCause, { at: day(18) }), 'concluded'],
    ['another conclusion', () => say(concluded(), 'conclude', {}, { at: day(18) }), 'concluded'],
    ['a complaint that joins', () => say(opened(), 'link', { complaint: 'a', receivedAt: day(0) }), 'linked'],
    ['a complaint that joins after the conclusion', () => say(concluded(), 'link', { complaint: 'a', receivedAt: day(0) }, { at: day(18) }), 'linked'],
    ['a complaint received after the measures were done', () => say(concluded(), 'link', { complaint: 'a', receivedAt: day(17) }, { at: day(18) }), 'linked reopened'],
    ['a complaint that is there already', () => say(opened(['a']), 'link', { complaint: 'a', receivedAt: day(0) }), ''],
    ['a command with the version its caller saw', () => say(opened(), 'cause', aCause, { ifMatch: 1 }), 'cause_added'],
    ['a command with an older version', () => say(withCause(), 'cause', aCause, { ifMatch: 1 }), 'stale'],
  ])('%s', (_name, decided, expected) => expect(codeOf(decided())).toBe(expected));

  it('every refusal is a sentence', () => {
    const decision = say(withReading(4), 'verdict', verdict(true), { at: day(16) });
    expect('refusal' in decision && decision.refusal.detail).toMatch(/^The last reading, 4, does not meet the target, 3; .*\.$/);
  });
  it.each([['down', 3, true], ['down', 3.01, false], ['up', 97, true], ['up', 96.99, false]] as const)('a target %s is met by %d: %s', (direction, value, met) => {
    const goal = direction === 'down' ? aMeasure.goal : { metric: 'w', baseline: 80, target: 97, direction };
    const file = done(withDone({ goal, observeDays: 0 }), 'reading', reading(value), { at: day(10) });
    expect(codeOf(say(file, 'verdict', verdict(true), { at: day(10) }))).toBe(met ? 'verdict_given' : 'target-not-met');
  });
  it('no window: a verdict at the instant it is done and read', () => {
    const file = done(withDone({ observeDays: 0 }), 'reading', reading(3), { at: day(10) });
    expect(file.state.measures[0]?.observeUntil).toBe(day(10));
    expect(codeOf(say(file, 'verdict', verdict(true), { at: day(10) }))).toBe('verdict_given');
  });
});

describe('the gate', () => {
  const another = () => done(done(withEffect(), 'cause', aCause, { at: day(16) }), 'finding', { cause: 'c2', root: true, note: 'w' }, { at: day(16) });
  const failed = () => done(withReading(9), 'verdict', verdict(false), { at: day(16) });
  it.each([
    ['of a new one', opened, ['root-missing']],
    ['with a cause ruled out', () => done(withCause(), 'finding', { cause: 'c1', root: false, note: 'w' }), ['root-missing']],
    ['with a root', withRoot, ['measure-not-effective']],
    ['with a measure', withMeasure, ['measure-not-effective']],
    ['with a measure that did not work', failed, ['measure-not-effective']],
    ['with another measure after it', () => done(failed(), 'measure', aMeasure, { at: day(17) }), ['measure-not-effective']],
    ['with one of two roots answered', another, ['measure-not-effective']],
    ['with an effective measure', withEffect, []],
  ])('%s', (_name, file, expected) => expect(missing(file().state)).toEqual(expected));

  it('holds places where the same could happen (L3.4)', () => {
    expect(missing({ ...withEffect().state, elsewhere: [{ place: 'w', outcome: null }] })).toEqual(['elsewhere-open']);
  });
  it('is told with the refusal', () => {
    const decision = say(opened(), 'conclude', {});
    expect('refusal' in decision && decision.refusal).toMatchObject({ kind: 'conflict', code: 'gate-shut', missing: ['root-missing'] });
  });
});

describe('news for the complaints', () => {
  it.each([
    ['at first', opened, { rootAt: null, measureAt: null, verifiedAt: null }],
    ['with a root', withRoot, { rootAt: day(2), measureAt: null, verifiedAt: null }],
    ['with a measure', withMeasure, { rootAt: day(2), measureAt: day(2), verifiedAt: null }],
    ['with a verdict, not yet', withEffect, { rootAt: day(2), measureAt: day(2), verifiedAt: null }],
    ['concluded', concluded, { rootAt: day(2), measureAt: day(2), verifiedAt: day(17) }],
  ])('%s', (_name, file, expected) => expect(newsOf(file().state)).toEqual({ investigation: ID, ...expected }));
});

describe('time', () => {
  it('reminds before a measure is due and tells when it is overdue, each once, in order', () => {
    const { state } = withMeasure();
    expect(nextDeadline(state)).toBe(day(20));
    expect(advance(state, day(28))).toMatchObject([
      { seq: 5, type: 'measure_reminded', at: day(20), by: 'system', role: 'system', command: null, data: { measure: 'm1', dueAt: day(22) } },
      { seq: 6, type: 'measure_overdue', at: day(22), by: 'system', data: { measure: 'm1', dueAt: day(22) } },
    ]);
  });
  it.each([
    ['three days before, when there is long', '2027-11-02T09:00:00.000Z', '2027-10-30T09:00:00.000Z'],
    ['a tenth of the time before, when there is little', day(2, '09:01:40.000'), day(2, '09:01:30.000')],
    ['not before it is added', day(2, '09:00:00.001'), day(2, '09:00:00.001')],
    ['not at all when it was due before it was added', day(1), null],
  ])('reminds %s', (_name, dueAt, expected) => expect(withMeasure({ dueAt }).state.measures[0]?.remindAt).toBe(expected));

  it('tells at once of a measure that was due before it was added', () => {
    expect(advance(withMeasure({ dueAt: day(1) }).state, day(3))).toMatchObject([{ type: 'measure_overdue', at: day(2), data: { dueAt: day(1) } }]);
  });
  it('passes a deadline only after its instant', () => {
    const { state } = withMeasure();
    expect(advance(state, day(20))).toEqual([]);
    expect(advance(state, day(20, '09:00:00.001')).length).toBe(1);
  });
  it('takes a measure done at its due date as in time', () => {
    expect(done(withMeasure(), 'done', { measure: 'm1', note: null }, { at: day(22) }).events.slice(-2).map((event) => event.type)).toEqual(['measure_reminded', 'measure_done']);
  });
  it('lets a command come after what was due before it', () => {
    const { events } = done(withMeasure(), 'link', { complaint: 'a', receivedAt: day(0) }, { at: day(25) });
    expect(events.slice(-3).map(({ seq, type, at }) => [seq, type, at])).toEqual([[5, 'measure_reminded', day(20)], [6, 'measure_overdue', day(22)], [7, 'linked', day(25)]]);
  });
  it('is still for a measure that is done, and after the conclusion', () => {
    expect(nextDeadline(withDone().state)).toBeNull();
    const open = done(withEffect(), 'measure', { ...aMeasure, dueAt: day(28) }, { at: day(16) });
    expect(nextDeadline(open.state)).not.toBeNull();
    expect(nextDeadline(done(open, 'conclude', {}, { at: day(17) }).state)).toBeNull();
  });
  it.each([
    ['when its intent was written', { at: day(5), now: day(6) }, day(5)],
    ['never after the engine\'s time', { at: day(9), now: day(6) }, day(6)],
    ['never before the last event', { at: day(1), now: day(6) }, day(2)],
  ])('a command holds %s', (_name, when, expected) => {
    expect(done(withCause(), 'why', { cause: 'c1', text: 'w' }, when).events.at(-1)?.at).toBe(expected);
  });
});

describe('bodies over HTTP', () => {
  const goal = { metric: 'broken parcels', baseline: 12, target: 3, direction: 'down' };
  const measure = { cause: 'c1', text: 'thicker boxes', owner: 'olaf', dueAt: '2026-12-01T00:00:00Z', goal, observeDays: 0 };

  it('are taken with what may be left out', () => {
    expect(InvestigationBodies.measure.parse(measure).dueAt).toBe('2026-12-01T00:00:00.000Z');
    expect(InvestigationBodies.cause.parse({ category: 'method', text: 'x' }).whys).toEqual([]);
    expect(OpenInvestigation.parse({ title: 'Broken parcels' })).toEqual({ title: 'Broken parcels', complaints: [] });
  });
  it.each<[string, keyof typeof InvestigationBodies, unknown, string]>([
    ['a measure without a goal', 'measure', { ...measure, goal: undefined }, 'goal'],
    ['a target behind the baseline', 'measure', { ...measure, goal: { ...goal, target: 13 } }, 'goal.target'],
    ['a window of less than no days', 'measure', { ...measure, observeDays: -1 }, 'observeDays'],
    ['a window of part of a day', 'measure', { ...measure, observeDays: 0.5 }, 'observeDays'],
    ['a direction that is none', 'measure', { ...measure, goal: { ...goal, direction: 'left' } }, 'goal.direction'],
    ['a reading in words', 'reading', { value: 'three' }, 'value'],
    ['a finding without a note', 'finding', { root: true }, 'note'],
    ['an outcome that comes later', 'conclude', { outcome: 'no_measure' }, ''],
    ['a blank why', 'why', { text: ' ' }, 'text'],
  ])('%s is refused', (_name, body, value, path) => {
    expect(InvestigationBodies[body].safeParse(value).error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});
