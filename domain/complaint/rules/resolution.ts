import { dissatisfiedRaisesAt, finalFromCycle, followUpAttempts } from '../../policy/budgets.js';
import { conflict, forbidden, invalid } from '../../refusal.js';
import { clockNames, type ClockName, type PlannedClock } from '../../sla/clock.js';
import { cancelling, starting, startingStatutes, stopping } from '../clocks.js';
import { byCommand, emit, type Course, type Stamp } from '../course.js';
import { climbFor } from '../ladder.js';
import { isCustomerDone, isHandled, judgementOf } from '../standing.js';
import { notHandled, notYours, type Rule } from './rule.js';

const forTheCustomer: readonly PlannedClock[] = ['response', 'resolution'];
/** What the customer's side is done in time for. */
const untilResolved: readonly ClockName[] = [...forTheCustomer, 'statutory'];
const betweenDepartments: readonly ClockName[] = ['dispatch', 'plan'];
const ofHandling: readonly ClockName[] = [...forTheCustomer, ...betweenDepartments];
const allButAcknowledge = clockNames.filter((name) => name !== 'acknowledge');

/** Puts the customer's side right and starts the follow-up, whose first attempt is made at once (L1.11, L1.16). */
export const resolve: Rule<'resolve'> = (course, command, at) => {
  const refused = notHandled(course) ?? notYours(course, command);
  if (refused) return refused;
  const stamp = byCommand(command, at);
  const clocks = [
    ...stopping(course, untilResolved, at),
    ...cancelling(course, betweenDepartments, at),
    starting(course, 'followUp', at),
    ...attribution(course, at),
  ];
  emit(course, { ...stamp, type: 'resolved', data: { ...command.data, clocks } });
  emit(course, { ...stamp, type: 'follow_up_attempted', data: { attempt: 1, of: followUpAttempts(course.policy) } });
  return undefined;
};

/** The customer's verdict, from themselves or taken down by somebody who did not handle the case. Not satisfied: handled again. */
export const followUp: Rule<'followUp'> = (course, command, at) => {
  const { state } = course;
  const byCustomer = command.role === 'customer';
  const asked = state.tracks.customer === 'resolved' ? 'any' : 'none';
  const judgement = byCustomer ? judgementOf(state) : asked;
  if (judgement === 'none') return conflict('no-follow-up', 'No follow-up is open; it opens when the customer’s side is resolved.');
  if (judgement === 'satisfied' && !command.data.satisfied)
    return conflict('no-follow-up', 'That is noted already, and the case is handled again; write a message instead, or say that you are satisfied after all.');
  if (!byCustomer && [state.owner, state.assignee, state.resolver].includes(command.by)) {
    return conflict('follow-up-by-handler', 'Whoever handled the case does not ask for its verdict; let somebody else follow up.');
  }
  const stamp = byCommand(command, at);
  // of a case that staff had handled again by mistake, what was promised anew is taken back
  const clocks = isHandled(state) ? cancelling(course, ofHandling, at) : stopping(course, ['followUp'], at);
  emit(course, { ...stamp, type: 'followed_up', data: { ...command.data, clocks } });
  if (command.data.satisfied) return undefined;
  reopen(course, 'dissatisfied', stamp);
  if (course.state.followUp.dissatisfied >= dissatisfiedRaisesAt(course.policy))
    climbFor(course, 'dissatisfied', stamp, command.data.comment);
  return undefined;
};

/** The final answer to somebody who cannot be satisfied. */
export const finalize: Rule<'finalize'> = (course, command, at) => {
  const { state, policy } = course;
  if ((command.rung ?? 0) < 2) return forbidden('rung-too-low', 'A final answer takes a supervisor of rung 2 or above; escalate the case.');
  if (isCustomerDone(state)) return conflict('already-resolved', 'The customer’s side is done.');
  if (state.cycle < finalFromCycle(policy))
    return conflict('too-early', `A final answer may be given from cycle ${finalFromCycle(policy)} on; handle the case again.`);
  const clocks = [
    ...stopping(course, [...untilResolved, 'followUp'], at),
    ...cancelling(course, betweenDepartments, at),
    ...attribution(course, at),
  ];
  emit(course, { ...byCommand(command, at), type: 'finalized', data: { ...command.data, clocks } });
  return undefined;
};

/** The customer takes the complaint back: what was timed is called off, and level 2 is timed from now unless it is done (spec: case). */
export const withdraw: Rule<'withdraw'> = (course, command, at) => {
  if (command.role !== 'customer' && command.data.message === null) {
    return invalid('message-missing', 'message', 'Give the customer’s message in which they withdraw.');
  }
  if (isCustomerDone(course.state)) return conflict('already-resolved', 'The customer’s side is done.');
  const timed = course.state.tracks.responsibility === 'decided' ? [] : [starting(course, 'attribution', at)];
  const clocks = [...cancelling(course, allButAcknowledge, at), ...timed];
  emit(course, { ...byCommand(command, at), type: 'withdrawn', data: { ...command.data, clocks } });
  return undefined;
};

export const retractWithdrawal: Rule<'retractWithdrawal'> = (course, command, at) => {
  if (course.state.tracks.customer !== 'withdrawn') return conflict('not-withdrawn', 'The complaint has not been withdrawn.');
  reopen(course, 'withdrawal_retracted', byCommand(command, at));
  return undefined;
};

/** A new cycle with new clocks from this instant; levels 2 and 3 go on with what they have. */
function reopen(course: Course, cause: 'dissatisfied' | 'withdrawal_retracted', stamp: Stamp): void {
  const cycle = course.state.cycle + 1;
  const { agreement, state } = course;
  // a regulator's limit is not started again by a reopening; one that a withdrawal took back is (docs/clocks.md)
  const again = cause === 'withdrawal_retracted' && state.firstResolvedAt === null;
  const clocks = [
    ...forTheCustomer.map((name) => starting(course, name, stamp.at, { cycle })),
    ...(again ? startingStatutes(agreement, stamp.at, cycle, state.clocks) : []),
  ];
  emit(course, { ...stamp, type: 'reopened', data: { cause, cycle, clocks } });
}

/** Level 2 is timed from the first time the customer's side is done; reopening does not start it again. */
function attribution(course: Course, at: string) {
  return course.state.tracks.responsibility === 'waiting' ? [starting(course, 'attribution', at)] : [];
}
