import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { correlated } from './correlation.js';

/** What is logged in an activity carries the ids of its case's workflow; with traces, it goes on in the trace of its cause. */
export function activityInterceptors(traces: { activity: ActivityInterceptorsFactory } | null): ActivityInterceptorsFactory[] {
  return [correlating, ...(traces ? [traces.activity] : [])];
}

const correlating: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) => {
      const { activityType: activity, attempt, workflowExecution: run } = info;
      return correlated({ workflowId: run?.workflowId, runId: run?.runId, activity, attempt }, () => next(input));
    },
  },
});
