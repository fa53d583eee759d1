import { conflict, invalid } from '../../refusal.js';
import { DAY, plus } from '../../time.js';
import { remindAt } from '../deadlines.js';
import { happen, judged, measureOf, notYourMeasure, type Rule } from './rule.js';

/** A measure answers a root, with a goal, an owner and a due date (L3.2). */
export const measure: Rule<'measure'> = (course, command, at) => {
  const { data } = command;
  const root = course.state.causes.find((one) => one.id === data.cause);
  if (!root) return invalid('cause-unknown', 'cause', 'This investigation has no cause with that id; read it for its causes.');
  if (root.state !== 'root') return conflict('not-a-root', 'A measure answers a root; record the finding of this cause first.');
  const id = `m${course.state.measures.length + 1}`;
  return happen(course, command, at, { type: 'measure_added', data: { ...data, measure: id, remindAt: remindAt(at, data.dueAt) } });
};

/** The measure is carried out; from now on its effect is observed (L3.3). */
export const done: Rule<'done'> = (course, command, at) => {
  const found = measureOf(course, command.data.measure);
  if ('refusal' in found) return found;
  const refused = notYourMeasure(found, command) ?? judged(found);
  if (refused) return refused;
  if (found.state === 'done') return conflict('already-done', 'This measure is done; take a reading and give the verdict.');
  return happen(course, command, at, {
    type: 'measure_done', data: { measure: found.id, note: command.data.note, observeUntil: plus(at, found.observeDays * DAY) },
  });
};

/** A value of the goal's metric, taken at an instant that may lie back but not ahead (L3.3). */
export const reading: Rule<'reading'> = (course, command, at) => {
  const { value, takenAt } = command.data;
  const found = measureOf(course, command.data.measure);
  if ('refusal' in found) return found;
  if (takenAt !== null && takenAt > at) return invalid('reading-ahead', 'at', 'A reading cannot be taken in the future; leave `at` out for now.');
  return notYourMeasure(found, command) ?? judged(found)
    ?? happen(course, command, at, { type: 'reading_taken', data: { measure: found.id, value, takenAt: takenAt ?? at } });
};
