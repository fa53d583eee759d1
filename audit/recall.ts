import { workflowId } from '../engine/ids.js';
import type { Recall } from '../prisma/mending.js';
import type { Histories } from './history.js';
import type { Replayer } from './replay.js';

/** What a case has been through, told by the replay of its history: the record is made whole from it. */
export function createRecall({ histories, replayer }: { histories: Histories; replayer: Replayer }): Recall {
  return async (subject, id) => {
    const runs = await histories.runs(subject, id);
    if (runs === null) return null;
    const { deterministic, events } = await replayer.replay(workflowId(subject, id), runs);
    return deterministic ? events : null;
  };
}
