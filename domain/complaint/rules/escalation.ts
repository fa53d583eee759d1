import { ladderForCause } from '../../policy/budgets.js';
import { conflict } from '../../refusal.js';
import { stopClock } from '../../sla/clock.js';
import type { Instant } from '../../time.js';
import type { Escalate } from '../command.js';
import { byCommand, emit, type Course } from '../course.js';
import type { EscalationRefused } from '../event.js';
import { climbFor, raise } from '../ladder.js';
import type { Rule } from './rule.js';

/** Takes over every open escalation up to the caller's rung, one's own signal too (L1.14). */
export const acknowledge: Rule<'acknowledge'> = (course, command, at) => {
  const { state, agreement } = course;
  const mine = state.escalations
    .filter(({ to, acknowledgedAt }) => acknowledgedAt === null && to <= (command.rung ?? 1))
    .map(({ id }) => id);
  if (mine.length === 0) return conflict('nothing-to-acknowledge', 'No escalation up to your rung is open.');
  const clocks = state.clocks
    .filter((clock) => clock.end === null && mine.some((escalation) => clock.id === `acknowledge-${escalation}`))
    .map((clock) => stopClock(clock, at, agreement.hours));
  emit(course, { ...byCommand(command, at), type: 'acknowledged', data: { escalations: mine, clocks } });
  return undefined;
};

/** A signal is taken in any state; one that makes no sense is recorded as refused. The owner may raise to 1, the customer once a cycle. */
export function escalate(course: Course, command: Escalate, at: Instant): void {
  const { state } = course;
  const { reason, to } = command.data;
  const stamp = byCommand(command, at);
  const refuse = (why: EscalationRefused['data']['why']) =>
    emit(course, {
      ...stamp,
      type: 'escalation_refused',
      data: { cause: command.role === 'customer' ? 'customer' : 'signal', to, clock: null, why, reason },
    });

  if (command.role === 'customer') {
    if (state.raisedByCustomer) return refuse('once-a-cycle');
    if (ladderForCause(course.policy, 'customer').length === 0) return refuse('no-step');
    return climbFor(course, 'customer', stamp, reason);
  }
  if (command.role !== 'supervisor') {
    if (command.by !== state.owner) return refuse('not-yours');
    if ((to ?? 1) > 1) return refuse('owner-only-to-1');
    return raise(course, { cause: 'signal', reason, to: to ?? 1 }, stamp);
  }
  raise(course, { cause: 'signal', reason, to }, stamp);
}
