import type { LogEntry } from '@temporalio/worker';
import type { Logger } from 'pino';

/** How the SDK and its native part call what a line of ours is correlated by. */
const names: Record<string, string> = {
  workflowId: 'workflowId', workflow_id: 'workflowId', runId: 'runId', run_id: 'runId', workflowType: 'workflowType', workflow_type: 'workflowType',
  activityId: 'activityId', activity_id: 'activityId', activityType: 'activity', activity_type: 'activity', attempt: 'attempt',
  taskQueue: 'taskQueue', task_queue: 'taskQueue', namespace: 'namespace', trace_id: 'traceId', span_id: 'spanId', sdkComponent: 'component',
};

/** Lines of the SDK as lines of ours: their ids go along, and of an error its kind alone, for its text may quote what it was given. */
export function sdkLog(log: Logger): (entry: Pick<LogEntry, 'level' | 'message' | 'meta'>) => void {
  return ({ level, message, meta }) => {
    const fields = fieldsOf(meta ?? {});
    switch (level) {
      case 'ERROR': return log.error(fields, message);
      case 'WARN': return log.warn(fields, message);
      case 'INFO': return log.info(fields, message);
      default: return log.debug(fields, message);
    }
  };
}

function fieldsOf(meta: Record<string | symbol, unknown>): Record<string, unknown> {
  const known = Object.entries(names).flatMap(([theirs, ours]) => (isPlain(meta[theirs]) ? [[ours, meta[theirs]]] : []));
  const { error } = meta;
  return { ...Object.fromEntries(known) as Record<string, unknown>, ...(error instanceof Error ? { error: error.name } : {}) };
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
