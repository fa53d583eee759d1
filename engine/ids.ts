import type { WorkflowStartOptions } from '@temporalio/client';
import type { Subject } from '../prisma/subject.js';

export const TASK_QUEUE = 'threefold';

export function workflowId(subject: Subject, id: string): string {
  return `${subject}-${id}`;
}

/** How every workflow is started: once for ever under its id, also after it has ended. */
export function startOptions(
  subject: Subject,
  id: string,
): Pick<WorkflowStartOptions, 'workflowId' | 'taskQueue' | 'workflowIdReusePolicy' | 'workflowIdConflictPolicy'> {
  return {
    workflowId: workflowId(subject, id),
    taskQueue: TASK_QUEUE,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
  };
}
