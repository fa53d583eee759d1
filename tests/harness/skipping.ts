import { instant, millis, type Instant } from '../../domain/time.js';
import { complaintById } from '../../prisma/complaints.js';
import { freshDatabase } from './database.js';
import { liveState } from './live.js';
import { openStage, type Stage } from './stage.js';
import { timeSkipping } from './timeSkipping.js';
import { until } from './until.js';

/** A stage whose time is skipped; one per test file. Its worker runs: time stands still while a task waits for one. */
export interface Skipping extends Stage {
  /** lets time pass to this instant, with all that fires on the way, and waits until what these cases did is recorded */
  passTo(at: Instant, ...cases: string[]): Promise<void>;
  /** as if commands were written at this instant, which may lie a moment back: on their way */
  writtenAt<T>(at: Instant, act: () => Promise<T>): Promise<T>;
}

export async function startSkipping(): Promise<Skipping> {
  const env = await timeSkipping();
  let ahead = (await env.currentTimeMs()) - Date.now();
  let written: Instant | null = null;
  const stage = openStage({
    databaseUrl: await freshDatabase(),
    place: { address: env.address, namespace: env.namespace ?? 'default' },
    clock: () => written ?? instant(Date.now() + ahead),
  });
  await stage.startWorker();
  return {
    ...stage,
    async passTo(at, ...cases) {
      await env.sleep(Math.max(1, millis(at) - (await env.currentTimeMs())));
      ahead = (await env.currentTimeMs()) - Date.now();
      for (const id of cases) await until(() => isRecorded(stage, id), `the record of ${id}`);
    },
    async writtenAt(at, act) {
      written = at;
      try {
        return await act();
      } finally {
        written = null;
      }
    },
    async close() {
      await stage.close();
      await env.teardown();
    },
  };
}

/** Whether the record holds what the workflow holds. */
async function isRecorded({ parts }: Stage, id: string): Promise<boolean> {
  const [there, row] = [await liveState(parts, id), await complaintById(parts.database, id)];
  return there !== null && there.version === row?.head;
}
