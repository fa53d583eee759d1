import { conflict, stale, type Decision } from '../refusal.js';
import { earliest, latest, type Instant } from '../time.js';
import type { InvestigationCommand, InvestigationCommandName } from './command.js';
import { pass, type Course } from './course.js';
import { nextDeadlineOf } from './deadlines.js';
import type { InvestigationEvent } from './event.js';
import { cause, finding, why } from './rules/causes.js';
import { conclude } from './rules/conclude.js';
import { link } from './rules/link.js';
import { done, measure, reading } from './rules/measures.js';
import type { Rule } from './rules/rule.js';
import { verdict } from './rules/verdict.js';
import type { Investigation } from './state.js';

/** One rule for each command (spec: case, investigations). */
const rules: { [N in InvestigationCommandName]: Rule<N> } = { link, cause, why, finding, measure, done, reading, verdict, conclude };

/**
 * What a command does to an investigation: the numbered events it makes, or why not. First comes everything that was due before
 * the command's instant, then its own event. A link that is there already makes none.
 * @param now the engine's time: no command is later than that, nor earlier than the last event
 * @param ifMatch the version the caller saw, or null
 */
export function decide<N extends InvestigationCommandName>(
  state: Investigation, command: InvestigationCommand<N>, now: Instant, ifMatch: number | null = null,
): Decision<InvestigationEvent> {
  const seen = ifMatch === null || ifMatch === state.version;
  if (state.status === 'concluded' && command.name !== 'link') {
    return seen ? conflict('concluded', 'The investigation is concluded; open another one for what is still to be found.') : stale(state.version);
  }
  const at = latest(earliest(command.at, now), state.lastAt);
  const course: Course = { state, events: [] };
  pass(course, at);
  const waited = course.events.length;
  const refused = (rules[command.name] as Rule<N>)(course, command, at);
  if (refused && refused.refusal.kind !== 'conflict') return refused;
  if (!seen) return stale(state.version);
  if (refused) return refused;
  return { events: course.events.length === waited ? [] : course.events };
}

/** Everything that was due strictly before `until`, in order: the events of the investigation's timer. */
export function advance(state: Investigation, until: Instant): InvestigationEvent[] {
  const course: Course = { state, events: [] };
  pass(course, until);
  return course.events;
}

/** The earliest instant at which the investigation does something by itself; null when it only waits. */
export function nextDeadline(state: Investigation): Instant | null {
  return nextDeadlineOf(state)?.at ?? null;
}
