import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from './ids.js';

/** How much waits for workers. */
export interface Queue {
  /** whether first tasks of cases already wait for a worker, as far as is known; looking is begun by asking */
  isLong(): boolean;
}

/** So many tasks wait for a moment also where workers keep up. */
const LONG = 8;
/**
 * The count of the whole queue is of up to five seconds ago: a server keeps it for so long, and who waits for it waits too long. That of
 * its first partition is of now; a queue has four of them unless somebody has told the server otherwise.
 */
const PARTITIONS = 4;
const LOOK_MS = 200;
const ANSWER_MS = 2_000;
/** An answer that is older tells nothing. */
const HOLDS_MS = 3_000;

/**
 * Looks at the workflow tasks that wait in the queue which all cases share: the first task of each case, and every task of one that no
 * worker has in its memory. An engine that does not tell, or not in time, is taken to have none.
 */
export function createQueue(client: Client, now: () => number = () => performance.now()): Queue {
  const { namespace } = client.options;
  let waiting = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let asks = false;

  async function look(): Promise<void> {
    asks = true;
    askedAt = now();
    try {
      // without a type it is the workflow tasks that are described
      const { stats, taskQueueStatus } = await client.withDeadline(Date.now() + ANSWER_MS, () => client.workflowService.describeTaskQueue({
        namespace, taskQueue: { name: TASK_QUEUE }, reportStats: true, includeTaskQueueStatus: true,
      }));
      waiting = taskQueueStatus ? PARTITIONS * Number(taskQueueStatus.backlogCountHint) : Number(stats?.approximateBacklogCount ?? 0);
      answeredAt = now();
    } catch {
      waiting = 0;
    } finally {
      asks = false;
    }
  }

  return {
    isLong() {
      if (!asks && now() - askedAt >= LOOK_MS) void look();
      return waiting > LONG && now() - answeredAt < HOLDS_MS;
    },
  };
}
