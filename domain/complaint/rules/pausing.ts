import { pauseLimitMs } from '../../policy/budgets.js';
import { conflict, invalid } from '../../refusal.js';
import { plus } from '../../time.js';
import { pausedSoFar } from '../changes.js';
import { pausing, resuming } from '../clocks.js';
import { byCommand, emit } from '../course.js';
import { notHandled, notYours, type Rule } from './rule.js';

/** Waits for the customer: for a reason of the policy, after the cycle's first answer, as long as it allows (spec: sla, pausing). */
export const pause: Rule<'pause'> = (course, command, at) => {
  const { state, policy } = course;
  const { reason, note } = command.data;
  const limit = pauseLimitMs(policy, reason);
  if (limit === null)
    return invalid('pause-reason-unknown', 'reason', `The case’s policy allows: ${Object.keys(policy.pause).join(', ')}.`);
  const refused = notHandled(course) ?? notYours(course, command);
  if (refused) return refused;
  if (state.tracks.customer !== 'answered')
    return conflict('not-answered', 'Answer the customer first; only then may the case wait for them.');
  if (state.paused) return conflict('already-paused', 'The case is paused; resume it first.');
  const left = limit - pausedSoFar(state.pausedMs, reason);
  if (left <= 0)
    return conflict('pause-used-up', 'The longest pause for this reason is used up in this cycle; go on without the customer.');
  emit(course, { ...byCommand(command, at), type: 'paused', data: { reason, note, until: plus(at, left), clocks: pausing(course, at) } });
  return undefined;
};

export const resume: Rule<'resume'> = (course, command, at) => {
  const refused = notYours(course, command);
  if (refused) return refused;
  if (!course.state.paused) return conflict('not-paused', 'The case is not paused.');
  emit(course, { ...byCommand(command, at), type: 'resumed', data: { cause: 'command', from: at, clocks: resuming(course, at) } });
  return undefined;
};
