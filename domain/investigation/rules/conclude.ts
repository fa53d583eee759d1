import { conflict } from '../../refusal.js';
import { missing } from '../gate.js';
import { happen, type Rule } from './rule.js';

/** The investigation ends with a root and an effective measure for every root (L3.3, L3.5). */
export const conclude: Rule<'conclude'> = (course, command, at) => {
  const list = missing(course.state);
  if (list.length > 0) return conflict('gate-shut', 'The investigation is concluded when nothing is missing any more; see `missing`.', list);
  return happen(course, command, at, { type: 'concluded', data: { outcome: 'effective' } });
};
