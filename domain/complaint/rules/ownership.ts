import type { Draft, WordsRef } from '../../event.js';
import { conflict } from '../../refusal.js';
import { cancelling, isElsewhere } from '../clocks.js';
import { byCommand, emit, type Course, type Stamp } from '../course.js';
import type { Accepted } from '../event.js';
import type { Rule } from './rule.js';

/** The event by which somebody becomes first-contact owner; a hand-over that was due to nobody is called off (L1.5, L1.7). */
export function accepting(
  course: Course,
  owner: { sub: string; department: string | null },
  stamp: Stamp,
  note: WordsRef | null,
): Draft<Accepted> {
  const clocks = isElsewhere(course.state.department, owner.department) ? [] : cancelling(course, ['dispatch'], stamp.at);
  return { ...stamp, type: 'accepted', data: { owner: owner.sub, department: owner.department, note, clocks } };
}

export const accept: Rule<'accept'> = (course, command, at) => {
  if (course.state.owner !== null)
    return conflict('already-accepted', 'This case has an owner; a supervisor can transfer it.');
  emit(course, accepting(course, { sub: command.by, department: command.department }, byCommand(command, at), command.data.note));
  return undefined;
};

export const assign: Rule<'assign'> = (course, command, at) => {
  if (course.state.owner === null) return conflict('not-accepted', 'Nobody owns this case yet; accept it first.');
  emit(course, { ...byCommand(command, at), type: 'assigned', data: command.data });
  return undefined;
};

/** The only way the first-contact owner changes (L1.5). */
export const transfer: Rule<'transfer'> = (course, command, at) => {
  const { owner } = course.state;
  if (owner === null) return conflict('not-accepted', 'Nobody owns this case yet; accept it first.');
  if (owner === command.data.owner) return conflict('already-owner', 'That person owns the case already.');
  emit(course, { ...byCommand(command, at), type: 'transferred', data: command.data });
  return undefined;
};
