import type { Investigation } from '../state.js';
import { happen, type Rule } from './rule.js';

/**
 * A complaint joins, also after the conclusion (L3.4). One received after the measures were done reopens it; one received before
 * takes its verdict (spec: case, investigations). One that is linked already stays so: nothing happens.
 */
export const link: Rule<'link'> = (course, command, at) => {
  const { complaint, receivedAt } = command.data;
  const { state } = course;
  if (state.complaints.includes(complaint)) return undefined;
  happen(course, command, at, { type: 'linked', data: { complaint } });
  if (state.status === 'concluded' && receivedAt > measuresDone(state)) {
    happen(course, command, at, { type: 'reopened', data: { complaint, receivedAt } });
  }
  return undefined;
};

/** When the last effective measure was done. */
function measuresDone({ measures }: Investigation): string {
  return measures.reduce((last, { state, doneAt }) => (state === 'effective' && doneAt !== null && doneAt > last ? doneAt : last), '');
}
