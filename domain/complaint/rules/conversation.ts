import { earliest, latest } from '../../time.js';
import { resuming, stopping } from '../clocks.js';
import { byCommand, emit } from '../course.js';
import { conflict } from '../../refusal.js';
import { notYours, type Rule } from './rule.js';

/** A message to the customer; the first of a cycle stops `response` (L1.10). After resolution it is a message and no more. */
export const answer: Rule<'answer'> = (course, command, at) => {
  if (course.state.tracks.customer === 'received') return conflict('not-accepted', 'Nobody owns this case yet; accept it first.');
  const refused = notYours(course, command);
  if (refused) return refused;
  emit(course, { ...byCommand(command, at), type: 'answered', data: { ...command.data, clocks: stopping(course, ['response'], at) } });
  return undefined;
};

/** A message from the customer. It ends a pause, back-dated to when it was received but not before the pause (spec: sla, pausing). */
export const hear: Rule<'hear'> = (course, command, at) => {
  const receivedAt = earliest(command.data.receivedAt ?? at, at);
  emit(course, { ...byCommand(command, at), type: 'heard', data: { text: command.data.text, receivedAt } });
  const { paused } = course.state;
  if (paused) {
    const from = latest(receivedAt, paused.since);
    emit(course, { ...byCommand(command, at), type: 'resumed', data: { cause: 'message', from, clocks: resuming(course, from) } });
  }
  return undefined;
};

export const note: Rule<'note'> = (course, command, at) => {
  emit(course, { ...byCommand(command, at), type: 'noted', data: command.data });
  return undefined;
};
