import type { Database } from './database.js';
import { record, RecordGap, type Outcome, type Recording } from './record.js';
import type { EventOf, Subject } from './subject.js';

/** All events of a case as its history tells them, oldest first; null where it tells none. */
export type Recall = <S extends Subject>(subject: S, id: string) => Promise<EventOf<S>[] | null>;

/**
 * As `record`. When the record has lost events that the case has long told it of (a database restored to before), they are
 * recalled from the history first: the case itself does not tell them again. No more is written than up to what was offered: the
 * replay of a case that lives may come to what waits for its next task before the case has, at another instant.
 */
export async function recordOrMend<S extends Subject>(
  database: Database,
  outcome: Outcome<S>,
  recall: Recall | undefined,
): Promise<Recording<S>> {
  try {
    return await record(database, outcome);
  } catch (error) {
    if (!(error instanceof RecordGap) || !recall) throw error;
    const events = await recall(outcome.subject, outcome.id);
    if (events === null || !events.some(({ seq }) => seq === error.offered)) throw error;
    const told = Math.max(error.offered, outcome.events.at(-1)?.seq ?? 0, outcome.intent?.version ?? 0);
    return record(database, { ...outcome, events: events.filter(({ seq }) => seq <= told) });
  }
}
