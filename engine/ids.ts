import type { WorkflowStartOptions } from '@temporalio/client';
import type { Subject } from '../prisma/subject.js';
import type { ComplaintStart, InvestigationStart } from '../workflows/messages.js';
import { searchAttributesOf } from './searchAttributes.js';

export const TASK_QUEUE = 'threefold';

export function workflowId(subject: Subject, id: string): string {
  return `${subject}-${id}`;
}

/** What a workflow is started as, with its input. */
export type Start = { subject: 'complaint'; input: ComplaintStart } | { subject: 'investigation'; input: InvestigationStart };

/** How every workflow is started: once for ever under its id, also after it has ended. */
export function startOptions(
  start: Start,
): Pick<WorkflowStartOptions, 'workflowId' | 'taskQueue' | 'workflowIdReusePolicy' | 'workflowIdConflictPolicy' | 'typedSearchAttributes'> {
  return {
    workflowId: start.subject === 'complaint' ? workflowId('complaint', start.input.complaint) : workflowId('investigation', start.input.investigation),
    taskQueue: TASK_QUEUE,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    ...(start.subject === 'complaint' ? { typedSearchAttributes: searchAttributesOf(start.input) } : {}),
  };
}
