import { AsyncLocalStorage } from 'node:async_hooks';
import { isSpanContextValid, trace } from '@opentelemetry/api';

/** What ties a line of a log to what it belongs to: ids only. */
export interface Correlation {
  requestId?: string | undefined;
  workflowId?: string | undefined;
  runId?: string | undefined;
  activity?: string | undefined;
  attempt?: number | undefined;
}

const scope = new AsyncLocalStorage<Correlation>();

/** Runs some work within a correlation; whatever it logs and starts carries these fields. */
export function correlated<T>(fields: Correlation, work: () => T): T {
  return scope.run({ ...fields }, work);
}

/** Adds to the correlation of the present work what has been learnt on the way; without one, nothing happens. */
export function learn(fields: Correlation): void {
  const present = scope.getStore();
  if (present) Object.assign(present, fields);
}

/** The fields of the present work, and its trace when there is one: what pino's `mixin` adds to each line. */
export function logFields(): Record<string, unknown> {
  const span = trace.getActiveSpan()?.spanContext();
  return { ...scope.getStore(), ...(span && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {}) };
}
