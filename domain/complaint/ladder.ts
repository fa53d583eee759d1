import { ladderFor, ladderForCause, rungOf, topOf } from '../policy/budgets.js';
import type { WordsRef } from '../event.js';
import type { ClockName } from '../sla/clock.js';
import { starting } from './clocks.js';
import { bySystem, emit, type Course, type Stamp } from './course.js';
import type { EscalationRefused } from './event.js';
import type { EscalationCause } from './terms.js';

/** What asks for more authority: why, by which clock, and how far. */
export interface Raise {
  cause: EscalationCause;
  clock?: string;
  reason?: WordsRef | null;
  /** to this rung; else one up */
  to?: number | null;
  /** so many rungs up, never above the top */
  raise?: number;
}

/**
 * Raises the case, or records why not (spec: case, escalation; L1.14). A target at or below the present rung, or above the
 * tier's top, is refused. At the top a raise is recorded once per cause and clock instance.
 */
export function raise(course: Course, { cause, clock, reason = null, to, raise: steps = 1 }: Raise, stamp: Stamp): void {
  const { state, policy } = course;
  const top = Math.max(topOf(policy, state.tier), state.rung);
  const refuse = (why: EscalationRefused['data']['why']) =>
    emit(course, { ...stamp, type: 'escalation_refused', data: { cause, to: to ?? null, clock: clock ?? null, why, reason } });

  if (to !== undefined && to !== null) {
    if (to <= state.rung) return refuse('not-above-rung');
    if (to > top) return refuse('above-top');
  } else if (state.escalations.some((one) => one.from === top && one.to === top && one.cause === cause && one.clock === (clock ?? null))) {
    return refuse('top-recorded');
  }
  const target = to ?? Math.min(state.rung + steps, top);
  const escalation = `e${state.escalations.length + 1}`;
  // what waits for an acknowledgement at the top does not start another wait: it would never end
  const endless = state.rung === top && clock !== undefined && clock.startsWith('acknowledge-');
  emit(course, {
    ...stamp,
    type: 'escalated',
    data: {
      escalation,
      from: state.rung,
      to: target,
      cause,
      clock: clock ?? null,
      reason,
      aboveTier: target > rungOf(policy, state.tier),
      clocks: endless ? [] : [starting(course, 'acknowledge', stamp.at, { escalation })],
    },
  });
}

/** What the policy's ladder says to a warning or breach of a clock. */
export function climb(course: Course, clock: { id: string; name: ClockName }, on: 'breach' | `warning:${number}`, at: Stamp['at']): void {
  const cause = on !== 'breach' ? 'warning' : clock.name === 'acknowledge' ? 'unacknowledged' : 'breach';
  for (const { raise: steps, to } of ladderFor(course.policy, clock.name, on)) {
    raise(course, { cause, clock: clock.id, raise: steps, to: clipped(course, to) }, bySystem(at));
  }
}

/** What the policy's ladder says to a cause that is no clock. */
export function climbFor(
  course: Course,
  cause: 'media' | 'customer' | 'dissatisfied' | 'returned',
  stamp: Stamp,
  reason: WordsRef | null = null,
): void {
  for (const { raise: steps, to } of ladderForCause(course.policy, cause)) {
    raise(course, { cause, reason, raise: steps, to: clipped(course, to) }, stamp);
  }
}

/** A ladder is written for every tier: its targets end at this tier's top. */
function clipped(course: Course, to: number | undefined): number | undefined {
  return to === undefined ? undefined : Math.min(to, topOf(course.policy, course.state.tier));
}
