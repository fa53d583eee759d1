import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { InvestigationCommands, InvestigationCommandName } from '../../domain/investigation/command.js';
import { advance, nextDeadline } from '../../domain/investigation/decide.js';
import { fold } from '../../domain/investigation/evolve.js';
import { instant, millis, plus, type Instant } from '../../domain/time.js';
import { also, day, ID, opened, say, type File } from './investigation.case.js';

type Step = { [N in InvestigationCommandName]: { name: N; data: InvestigationCommands[N] } }[InvestigationCommandName];
type Timed = { after: number; behind: number; by: string; step: Step | null };

const HOUR = 3_600_000;
const cause = fc.constantFrom('c1', 'c1', 'c1', 'c2', 'c3');
const measure = fc.constantFrom('m1', 'm1', 'm1', 'm2', 'm3');
const whys = fc.constantFrom<string[]>(['w'], ['w'], ['w', 'w'], [], ['w', 'w', 'w', 'w']);
const value = fc.integer({ min: 0, max: 6 });
const hours = fc.integer({ min: -5, max: 200 }).map((n) => plus(day(1), n * HOUR));

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ name: fc.constant('link' as const), data: fc.record({ complaint: fc.constantFrom('a', 'b'), receivedAt: fc.constant(day(0)) }) }),
  fc.record({ name: fc.constant('cause' as const), data: fc.record({ category: fc.constant('method'), text: fc.constant('w'), whys }) }),
  fc.record({ name: fc.constant('why' as const), data: fc.record({ cause, text: fc.constant('w') }) }),
  fc.record({ name: fc.constant('finding' as const), data: fc.record({ cause, root: fc.constantFrom(true, true, false), note: fc.constant('w') }) }),
  fc.record({ name: fc.constant('measure' as const), data: fc.record({
    cause, text: fc.constant('w'), owner: fc.constantFrom('olaf', 'quinn'), dueAt: hours, observeDays: fc.constantFrom(0, 0, 1),
    goal: fc.constantFrom({ metric: 'w', baseline: 6, target: 2, direction: 'down' as const }, { metric: 'w', baseline: 0, target: 3, direction: 'up' as const }),
  }) }),
  fc.record({ name: fc.constant('done' as const), data: fc.record({ measure, note: fc.constant(null) }) }),
  fc.record({ name: fc.constant('reading' as const), data: fc.record({ measure, value, takenAt: fc.option(hours, { freq: 2 }) }) }),
  fc.record({ name: fc.constant('verdict' as const), data: fc.record({ measure, effective: fc.constantFrom(true, true, false), note: fc.constant('w') }) }),
  fc.record({ name: fc.constant('conclude' as const), data: fc.constant({}) }),
);
const courses = fc.array(fc.record<Timed>({
  after: fc.integer({ min: 0, max: 10 }).map((n) => n * HOUR), behind: fc.constantFrom(0, 0, HOUR, 30 * HOUR),
  by: fc.constantFrom('olaf', 'quinn', 'sue'), step: fc.option(anyStep, { freq: 8 }),
}), { minLength: 5, maxLength: 60, size: 'max' });

interface Seen {
  file: File;
  refused: string[];
  now: Instant;
}

function lived(course: Timed[]): Seen {
  let file = opened(['a'], { least: 1, most: 3 });
  let now = millis(day(1));
  const refused: string[] = [];
  for (const { after, behind, by, step } of course) {
    now += after;
    if (!step) {
      file = also(file, advance(file.state, instant(now)));
      continue;
    }
    const decision = say(file, step.name, step.data, { at: instant(now - behind), now: instant(now), by });
    if ('refusal' in decision) refused.push(decision.refusal.code);
    else file = also(file, decision.events);
  }
  return { file, refused, now: instant(now) };
}

const always = (check: (seen: Seen) => void) => fc.assert(fc.property(courses, (course) => check(lived(course))), { numRuns: 300 });

it('the state is the fold of the events, also when some of them are folded later', () => always(({ file: { state, events } }) => {
  expect(fold(ID, events)).toEqual(state);
  const half = Math.ceil(events.length / 2);
  expect(fold(ID, events.slice(half), fold(ID, events.slice(0, half)))).toEqual(state);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
}));

it('seq runs from 1 without a gap, and no event lies ahead', () => always(({ file: { state, events }, now }) => {
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  expect(state.version).toBe(events.length);
  expect(events.every((event) => event.at <= now)).toBe(true);
}));

it('what somebody does never precedes what was done before', () => always(({ file: { events } }) => {
  const own = events.filter((event) => event.command !== null).map((event) => event.at);
  expect(own).toEqual([...own].sort());
}));

it('nobody judges their own measure, and none is judged twice', () => always(({ file: { state, events } }) => {
  const verdicts = events.flatMap((event) => (event.type === 'verdict_given' ? [event] : []));
  expect(new Set(verdicts.map((event) => event.data.measure)).size).toBe(verdicts.length);
  for (const { by, data } of verdicts) expect(state.measures.find((one) => one.id === data.measure)?.owner).not.toBe(by);
}));

it('an effective measure is done, observed, and met its target', () => always(({ file: { state } }) => {
  for (const { state: standing, doneAt, observeUntil, verdict, goal, readings } of state.measures) {
    if (standing !== 'effective') continue;
    expect(doneAt && observeUntil && verdict && observeUntil >= doneAt && verdict.at >= observeUntil).toBe(true);
    const good = readings.filter((one) => one.at >= (doneAt ?? '') && (goal.direction === 'down' ? one.value <= goal.target : one.value >= goal.target));
    expect(good.length).toBeGreaterThan(0);
  }
}));

it('nothing is concluded while a root is missing or unanswered, and nothing but links follow', () => always(({ file: { state, events } }) => {
  const end = events.findIndex((event) => event.type === 'concluded');
  if (end < 0) return;
  expect(new Set(events.slice(end + 1).map((event) => event.type))).toEqual(new Set(events.slice(end + 1).map(() => 'linked')));
  const roots = state.causes.filter((one) => one.state === 'root');
  expect(roots.length).toBeGreaterThan(0);
  for (const root of roots) expect(state.measures.some((one) => one.cause === root.id && one.state === 'effective')).toBe(true);
}));

it('each measure is reminded of and overdue at most once, between its start and its end', () => always(({ file: { state, events } }) => {
  const alone = events.flatMap((event) => (event.type === 'measure_reminded' || event.type === 'measure_overdue' ? [event] : []));
  expect(new Set(alone.map((event) => `${event.type} ${event.data.measure}`)).size).toBe(alone.length);
  for (const { at, data } of alone) {
    const one = state.measures.find((found) => found.id === data.measure);
    // equal when the timer had told it before a command that was written earlier arrived
    expect(one && one.addedAt <= at && (one.doneAt === null || at <= one.doneAt)).toBe(true);
  }
}));

it('after its timer nothing is due any more', () => always(({ file, now }) => {
  const next = nextDeadline(also(file, advance(file.state, now)).state);
  expect(next === null || next >= now).toBe(true);
}));

it('most of it happens', () => {
  const types = new Set<string>();
  const refusals = new Set<string>();
  fc.assert(fc.property(courses, (course) => {
    const { file, refused } = lived(course);
    for (const event of file.events) types.add(event.type);
    for (const code of refused) refusals.add(code);
  }), { numRuns: 400, seed: 7 });
  expect([...types]).toEqual(expect.arrayContaining(['cause_found', 'measure_added', 'measure_reminded', 'measure_overdue', 'measure_done', 'reading_taken', 'verdict_given', 'concluded']));
  expect(refusals.size).toBeGreaterThan(10);
});
