import { conflict } from '../../refusal.js';
import { cancelling } from '../clocks.js';
import { byCommand, emit, type Course } from '../course.js';
import type { Rule } from './rule.js';

/** Links the case to an investigation; any time while it lives (L3.4). */
export const investigate: Rule<'investigate'> = (course, command, at) => {
  if (course.state.investigation !== null) return conflict('already-linked', 'The case belongs to an investigation already.');
  emit(course, { ...byCommand(command, at), type: 'investigation_linked', data: command.data });
  return undefined;
};

/** How far the investigation has come. What is known already leaves no trace. */
export const inform: Rule<'inform'> = (course, command, at) => {
  const { investigation, news } = course.state;
  const { rootAt, measureAt, verifiedAt } = command.data;
  if (command.data.investigation !== investigation) return conflict('not-linked', 'The case does not belong to this investigation.');
  if (rootAt === news.rootAt && measureAt === news.measureAt && verifiedAt === news.verifiedAt) return undefined;
  emit(course, { ...byCommand(command, at), type: 'informed', data: command.data });
  return undefined;
};

/** Asks to close without level 3 (L3.5); another supervisor approves. */
export const waive: Rule<'waive'> = (course, command, at) => {
  const { cause } = course.state.tracks;
  if (cause === 'waiting') return conflict('responsibility-first', 'Responsibility is decided first; then level 3 may be waived.');
  if (cause !== 'open' && cause !== 'improving') return conflict('cause-done', 'Level 3 is done.');
  if (course.state.waiver?.state === 'requested')
    return conflict('waiver-requested', 'A waiver has been asked for; another supervisor approves or refuses it.');
  emit(course, { ...byCommand(command, at), type: 'waiver_requested', data: command.data });
  return undefined;
};

export const approveWaiver: Rule<'approveWaiver'> = (course, command, at) => {
  const refused = notAnother(course, command.by);
  if (refused) return refused;
  emit(course, { ...byCommand(command, at), type: 'waiver_approved', data: { clocks: cancelling(course, ['cause'], at) } });
  return undefined;
};

export const refuseWaiver: Rule<'refuseWaiver'> = (course, command, at) => {
  const refused = notAnother(course, command.by);
  if (refused) return refused;
  emit(course, { ...byCommand(command, at), type: 'waiver_refused', data: command.data });
  return undefined;
};

function notAnother({ state }: Course, by: string) {
  const { cause } = state.tracks;
  if (cause === 'verified' || cause === 'waived') return conflict('cause-done', 'Level 3 is done.');
  if (state.waiver?.state !== 'requested') return conflict('no-waiver', 'No waiver has been asked for.');
  return state.waiver.requestedBy === by
    ? conflict('waiver-own', 'A waiver takes two people; another supervisor decides on yours.')
    : undefined;
}
