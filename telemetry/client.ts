import type { ClientInterceptors, WorkflowClientInterceptor } from '@temporalio/client';
import { learn } from './correlation.js';

/** What the engine's client does beside its calls: it tells the log which run was spoken to, and makes spans where it is traced. */
export function clientInterceptors(traces: { client: WorkflowClientInterceptor } | null): ClientInterceptors {
  return { workflow: [correlating, ...(traces ? [traces.client] : [])] };
}

const correlating: WorkflowClientInterceptor = {
  async startWithDetails(input, next) {
    const { workflowId } = input.options;
    learn({ workflowId });
    const output = await next(input);
    learn({ workflowId, runId: output.runId });
    return output;
  },
  async startUpdate(input, next) {
    const { workflowId } = input.workflowExecution;
    learn({ workflowId });
    const output = await next(input);
    learn({ workflowId, runId: output.workflowRunId });
    return output;
  },
  signal(input, next) {
    learn({ workflowId: input.workflowExecution.workflowId });
    return next(input);
  },
};
