import type { Draft } from '../event.js';
import type { Instant } from '../time.js';
import { nextDeadlineOf } from './deadlines.js';
import type { InvestigationEvent } from './event.js';
import { evolve } from './evolve.js';
import type { Investigation } from './state.js';

/** A decision in the making: the investigation as it stands, and the events that brought it there from where the decision began. */
export interface Course {
  state: Investigation;
  readonly events: InvestigationEvent[];
}

/** Gives the event the next number and folds it. */
export function emit(course: Course, draft: Draft<InvestigationEvent>): void {
  const event: InvestigationEvent = { ...draft, seq: course.state.version + 1 };
  course.events.push(event);
  course.state = evolve(course.state, event, course.state.id);
}

/** Everything that was due strictly before `until`, in order, each with its own instant (spec: sla, whose time). */
export function pass(course: Course, until: Instant): void {
  for (let next = nextDeadlineOf(course.state); next && next.at < until; next = nextDeadlineOf(course.state)) emit(course, next);
}
