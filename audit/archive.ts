import { workflowId } from '../engine/ids.js';
import type { Temporal } from '../engine/temporal.js';
import type { Database } from '../prisma/database.js';
import { historiesWanted, storeHistory } from '../prisma/histories.js';
import type { Histories } from './history.js';

export interface Archive {
  stop(): Promise<void>;
}

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
}): Archive {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let under = Promise.resolve();

  async function sweep(): Promise<void> {
    for (const { subject, id } of await historiesWanted(database, AT_ONCE)) {
      if (stopped) return;
      try {
        if (subject === 'complaint' && !(await temporal.hasEnded(subject, id))) continue;
        const history = await histories.json(subject, id);
        if (history) await storeHistory(database, { subject, id, json: JSON.stringify(history), events: history.events.length });
      } catch (error) {
        onFailure(workflowId(subject, id), error);
      }
    }
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      under = sweep()
        .catch((error: unknown) => {
          onFailure(null, error);
        })
        .finally(next);
    }, everyMs);
  }

  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await under;
    },
  };
}

const AT_ONCE = 20;
