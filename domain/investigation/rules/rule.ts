import type { Draft } from '../../event.js';
import { conflict, type Refusal } from '../../refusal.js';
import type { Instant } from '../../time.js';
import type { InvestigationCommand, InvestigationCommandName } from '../command.js';
import { emit, type Course } from '../course.js';
import type { InvestigationEvent } from '../event.js';
import type { Cause, Measure } from '../state.js';

export type Refused = { refusal: Refusal };

/** A rule adds its event to the course, or says why not. `at` is the instant the command holds at. */
export type Rule<N extends InvestigationCommandName> =
  (course: Course, command: InvestigationCommand<N>, at: Instant) => Refused | undefined;

/** What a command makes happen; its rule leaves the rest of the event to this. */
type Happening = Draft<InvestigationEvent> extends infer D ? (D extends { type: string; data: unknown } ? Pick<D, 'type' | 'data'> : never) : never;

/** Adds the event of a command. */
export function happen(course: Course, { id, by, role }: InvestigationCommand, at: Instant, happening: Happening): undefined {
  emit(course, { ...happening, at, by, role, command: id });
}

/** The cause of this id; a refusal when there is none. */
export function causeOf({ state }: Course, id: string): Cause | Refused {
  return state.causes.find((cause) => cause.id === id) ?? conflict('cause-unknown', 'This investigation has no cause with that id; read it for its causes.');
}

/** The measure of this id; a refusal when there is none. */
export function measureOf({ state }: Course, id: string): Measure | Refused {
  return state.measures.find((measure) => measure.id === id) ?? conflict('measure-unknown', 'This investigation has no measure with that id; read it for its measures.');
}

/** Work on a measure is reported by its owner, or by somebody of quality or a supervisor. */
export function notYourMeasure(measure: Measure, { by, role }: { by: string; role: string }): Refused | undefined {
  if (by === measure.owner || role === 'quality' || role === 'supervisor') return undefined;
  return conflict('not-yours', 'Only the owner of the measure, quality or a supervisor reports on it; ask one of them.');
}

/** A measure that has had its verdict is settled. */
export function judged(measure: Measure): Refused | undefined {
  if (measure.verdict === null) return undefined;
  return conflict('verdict-given', 'This measure has had its verdict; add another measure for what is still to be done.');
}
