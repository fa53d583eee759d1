import { conflict } from '../../refusal.js';
import type { Instant } from '../../time.js';
import type { Goal } from '../event.js';
import type { Measure } from '../state.js';
import { happen, judged, measureOf, type Refused, type Rule } from './rule.js';

/** Somebody who does not own the measure says whether it worked (L3.3). One that did not leads to another. */
export const verdict: Rule<'verdict'> = (course, command, at) => {
  const { effective, note } = command.data;
  const found = measureOf(course, command.data.measure);
  if ('refusal' in found) return found;
  const refused = judged(found) ?? own(found, command.by) ?? (effective ? unproven(found, at) : undefined);
  return refused ?? happen(course, command, at, { type: 'verdict_given', data: { measure: found.id, effective, note } });
};

/** The reading that counts last: the latest taken, and of those taken at one instant the one recorded last; null when there is none. */
export function lastReading({ readings }: Pick<Measure, 'readings'>): Measure['readings'][number] | null {
  return readings.reduce<Measure['readings'][number] | null>((last, one) => (last && last.at > one.at ? last : one), null);
}

/** Whether a value meets the goal: at the target, or beyond it in the goal's direction. */
export function meets({ target, direction }: Pick<Goal, 'target' | 'direction'>, value: number): boolean {
  return direction === 'down' ? value <= target : value >= target;
}

function own({ owner }: Measure, by: string): Refused | undefined {
  return owner === by ? conflict('own-measure', 'A verdict is given by somebody who does not own the measure; ask a colleague.') : undefined;
}

function unproven(measure: Measure, at: Instant): Refused | undefined {
  const { doneAt, observeUntil, goal } = measure;
  if (doneAt === null || observeUntil === null) return conflict('measure-not-done', 'A measure is effective only when it is done; record that first.');
  if (at < observeUntil) return conflict('window-open', `The effect is observed until ${observeUntil}; give the verdict then.`);
  const last = lastReading(measure);
  if (!last || last.at < doneAt) return conflict('no-reading', 'No reading has been taken since the measure was done; take one.');
  if (meets(goal, last.value)) return undefined;
  return conflict('target-not-met', `The last reading, ${last.value}, does not meet the target, ${goal.target}; wait for a better one, or find the measure ineffective.`);
}
