import { SpanKind, SpanStatusCode, TraceFlags, type HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { InjectedSinks } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { Tracing } from './tracing.js';
import type { Moment, MomentSinks } from './workflow.js';

/** Takes what workflows did out of their sandbox and makes spans of it. A replay tells nothing again. */
export function momentSinks({ processor, resource }: Pick<Tracing, 'processor' | 'resource'>): InjectedSinks<MomentSinks> {
  return { moments: { passed: { fn: (info, moment) => processor.onEnd(spanOf(info, moment, resource)), callDuringReplay: false } } };
}

/** An instant: a workflow's code takes no time that its own clock could tell. */
function spanOf({ workflowId, runId }: WorkflowInfo, moment: Moment, resource: Tracing['resource']): ReadableSpan {
  const { name, traceId, spanId, parentSpanId, at, updateId } = moment;
  const time: HrTime = [Math.floor(at / 1000), (at % 1000) * 1_000_000];
  return {
    name, parentSpanId, resource,
    kind: SpanKind.INTERNAL,
    spanContext: () => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED }),
    startTime: time, endTime: time, duration: [0, 0], ended: true,
    status: { code: SpanStatusCode.UNSET },
    attributes: { temporalWorkflowId: workflowId, run_id: runId, ...(updateId === null ? {} : { temporalUpdateId: updateId }) },
    links: [], events: [],
    instrumentationLibrary: { name: 'threefold' },
    droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0,
  };
}
