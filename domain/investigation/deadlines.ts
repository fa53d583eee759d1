import type { Draft } from '../event.js';
import { DAY, latest, millis, plus, type Instant } from '../time.js';
import type { InvestigationEvent } from './event.js';
import type { Investigation, Measure } from './state.js';

/** Something that happens by itself at an instant, if nothing is done before. */
export type InvestigationDeadline = Draft<Extract<InvestigationEvent, { type: 'measure_reminded' | 'measure_overdue' }>>;

/** A reminder comes at most this long before the due date. */
const LONGEST_NOTICE = 3 * DAY;

/**
 * When the owner of a measure is reminded: three days before it is due, or when a tenth of the time given is left, whichever is
 * later; null when it was due before it was added.
 */
export function remindAt(addedAt: Instant, dueAt: Instant): Instant | null {
  const given = millis(dueAt) - millis(addedAt);
  return given <= 0 ? null : plus(dueAt, -Math.min(LONGEST_NOTICE, Math.floor(given / 10)));
}

/** The earliest reminder or due date that has not passed yet; null when the investigation only waits. */
export function nextDeadlineOf(state: Investigation): InvestigationDeadline | null {
  if (state.status === 'concluded') return null;
  return state.measures.flatMap(deadlinesOf)
    .reduce<InvestigationDeadline | null>((soonest, one) => (soonest && soonest.at <= one.at ? soonest : one), null);
}

function deadlinesOf(measure: Measure): InvestigationDeadline[] {
  if (measure.state !== 'open') return [];
  const { id, dueAt, addedAt } = measure;
  const alone = { by: 'system', role: 'system', command: null, data: { measure: id, dueAt } } as const;
  const deadlines: InvestigationDeadline[] = [];
  if (measure.remindAt !== null && !measure.reminded) deadlines.push({ ...alone, type: 'measure_reminded', at: measure.remindAt });
  // a measure that was due before it was added is overdue from the moment it is known
  if (!measure.overdue) deadlines.push({ ...alone, type: 'measure_overdue', at: latest(dueAt, addedAt) });
  return deadlines;
}
