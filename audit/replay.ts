import { Worker, type InjectedSinks } from '@temporalio/worker';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import { within } from '../engine/within.js';

export type Event = ComplaintEvent | InvestigationEvent;

/** The sink that workflows emit every event to. */
type Emitting = {
  events: { emit(subject: string, event: Event): void };
};

export interface Replayed {
  deterministic: boolean;
  /** what stopped the replay, when it is not deterministic */
  reason: string | null;
  events: Event[];
}

/** Replays histories with this build's workflow code. */
export interface Replayer {
  replay(workflowId: string, runs: History[]): Promise<Replayed>;
}

/**
 * One replay at a time: the SDK's runtime is one for the process and goes away with its last worker, under the feet of a
 * replay that is just beginning. One that does not end is given up after two minutes, and not tried again by this process.
 * @param bundle the code of the workflow bundle, or the path of its file
 * @param prepare what the SDK's runtime is set up with, before each replay: it may have gone since the last
 */
export function createReplayer(bundle: { code: string } | { codePath: string }, prepare: () => void = () => undefined): Replayer {
  const replayer = createLoneReplayer(bundle);
  const endless = new Set<string>();
  let before: Promise<unknown> = Promise.resolve();
  return {
    replay(workflowId, runs) {
      const replayed = before.then(async () => {
        if (endless.has(workflowId)) throw new Error(`the replay of ${workflowId} does not end`);
        prepare();
        const work = replayer.replay(workflowId, runs);
        if (await within(LONGEST_MS, work)) return work;
        endless.add(workflowId);
        throw new Error(`the replay of ${workflowId} has not ended in ${LONGEST_MS / 1000} s`);
      });
      before = replayed.catch(() => undefined);
      return replayed;
    },
  };
}

/** One that does not end would hold up all others. Thousands of events take seconds. */
const LONGEST_MS = 120_000;

function createLoneReplayer(bundle: { code: string } | { codePath: string }): Replayer {
  return {
    async replay(workflowId, runs) {
      const events: Event[] = [];
      // a live worker's sink does nothing; here it is the point
      const sinks: InjectedSinks<Emitting> = {
        events: {
          emit: {
            fn: (_info, _subject, event) => {
              events.push(event);
            },
            callDuringReplay: true,
          },
        },
      };
      const histories = runs.map((history) => ({ workflowId, history }));
      for await (const { error } of Worker.runReplayHistories({ workflowBundle: bundle, sinks, replayName: workflowId }, histories)) {
        if (error) return { deterministic: false, reason: error.message, events };
      }
      return { deterministic: true, reason: null, events };
    },
  };
}
