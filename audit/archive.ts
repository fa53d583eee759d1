import { randomUUID } from 'node:crypto';
import { workflowId } from '../engine/ids.js';
import { startRepeating, type Repeating } from '../engine/repeating.js';
import type { Temporal } from '../engine/temporal.js';
import type { Database } from '../prisma/database.js';
import { takeDuty } from '../prisma/duties.js';
import { historiesWanted, storeHistory, type Wanted } from '../prisma/histories.js';
import type { Subject } from '../prisma/subject.js';
import type { Histories } from './history.js';

/** Stores the history of each case that has ended, once its run has ended too (spec: evidence, personal data). */
export function startArchive({
  database,
  histories,
  temporal,
  everyMs,
  onFailure,
}: {
  database: Database;
  histories: Histories;
  temporal: Temporal;
  everyMs: number;
  onFailure: (id: string | null, error: unknown) => void;
}): Repeating {
  const holder = randomUUID();
  const later = new Map<string, { tries: number; until: number }>();

  /** One worker for all of them, and without a pause while there are many. */
  async function sweep(isStopped: () => boolean): Promise<void> {
    for (let full = true; full && !isStopped() && (await takeDuty(database, 'archive', holder, HELD_MS));) {
      const held = [...later].filter(([, { until }]) => until > performance.now()).map(([id]) => id);
      const wanted = await historiesWanted(database, AT_ONCE, held);
      for (const one of wanted) if (!isStopped()) await keep(one);
      full = wanted.length === AT_ONCE;
    }
  }

  async function keep({ subject, id }: Wanted): Promise<void> {
    try {
      const history = subject === 'complaint' && !(await temporal.hasEnded(subject, id)) ? null : await histories.json(subject, id);
      if (!history) return putOff(subject, id, null);
      await storeHistory(database, { subject, id, json: JSON.stringify(history), events: history.events.length });
      later.delete(id);
    } catch (error) {
      putOff(subject, id, error);
    }
  }

  /** A run ends a moment after its last event. One that the engine does not know, or cannot give, holds up no other. */
  function putOff(subject: Subject, id: string, error: unknown): void {
    const tries = (later.get(id)?.tries ?? 0) + 1;
    later.delete(id);
    later.set(id, { tries, until: performance.now() + Math.min(LONGEST_MS, 500 * 2 ** tries) });
    if (later.size > MOST_HELD) later.delete(later.keys().next().value ?? id);
    if (error !== null || tries >= STRANGE) onFailure(workflowId(subject, id), error ?? new NoHistory());
  }

  return startRepeating(everyMs, sweep, (error) => {
    onFailure(null, error);
  });
}

/** The engine has no history of a case that has ended. */
class NoHistory extends Error {
  override readonly name = 'NoHistory';
}

const AT_ONCE = 20;
/** Longer than storing so many takes. */
const HELD_MS = 60_000;
/** So often a run may not have ended yet. */
const STRANGE = 5;
const LONGEST_MS = 3_600_000;
const MOST_HELD = 10_000;
