import { conflict, invalid } from '../../refusal.js';
import type { Cause } from '../state.js';
import { causeOf, happen, type Refused, type Rule } from './rule.js';

/** A branch of the fishbone, with as much of its chain of whys as is known (L3.1). */
export const cause: Rule<'cause'> = (course, command, at) => {
  const { most } = course.state.whys;
  const { category, text, whys } = command.data;
  if (whys.length > most) return invalid('too-many-whys', 'whys', `A chain has at most ${most} whys; shorten it.`);
  return happen(course, command, at, { type: 'cause_added', data: { cause: `c${course.state.causes.length + 1}`, category, text, whys } });
};

/** One why more, at the end of the chain (L3.1). */
export const why: Rule<'why'> = (course, command, at) => {
  const found = causeOf(course, command.data.cause);
  if ('refusal' in found) return found;
  const { most } = course.state.whys;
  if (found.whys.length >= most) return conflict('too-many-whys', `The chain has ${most} whys, as many as the policy takes; record the finding.`);
  return settled(found) ?? happen(course, command, at, { type: 'why_added', data: { cause: found.id, text: command.data.text } });
};

/** A candidate becomes a root or is ruled out, once; a root needs the policy's least whys (L3.1). */
export const finding: Rule<'finding'> = (course, command, at) => {
  const { root, note } = command.data;
  const found = causeOf(course, command.data.cause);
  if ('refusal' in found) return found;
  const refused = settled(found);
  if (refused) return refused;
  const { least } = course.state.whys;
  if (root && found.whys.length < least) {
    return conflict('too-few-whys', `A root needs at least ${least} whys and this cause has ${found.whys.length}; ask why again, or rule it out.`);
  }
  return happen(course, command, at, { type: 'cause_found', data: { cause: found.id, root, note } });
};

function settled({ state }: Cause): Refused | undefined {
  if (state === 'candidate') return undefined;
  const finding = state === 'root' ? 'a root' : 'ruled out';
  return conflict('already-found', `This cause has been found to be ${finding}; add another cause for a new thought.`);
}
