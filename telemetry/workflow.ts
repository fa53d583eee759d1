import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import {
  proxySinks, workflowInfo, type Sinks, type WorkflowInboundCallsInterceptor, type WorkflowInterceptors,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';

/**
 * Traces through a workflow, in the bundle of traced workers only. The library's own interceptors are not used in here: they await
 * around handlers and activities, which moves the commands of a task about, so that a history made with them does not replay
 * without them, and they draw random ids. Here nothing is awaited and nothing random is drawn: whatever is wrapped is called at
 * once and its promise handed back, so traced and plain workers make the same history, but for a header.
 */
export function interceptors(): WorkflowInterceptors {
  const trail = openTrail();
  return { inbound: [inbound(trail)], outbound: [outbound(trail)] };
}

/** What a workflow did at an instant because of a message; its ids make it a span outside. */
export interface Moment {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** W3C trace flags */
  flags: string;
  /** ms, the time of the workflow task */
  at: number;
  updateId: string | null;
}

export interface MomentSinks extends Sinks {
  moments: { passed(moment: Moment): void };
}

type Trail = ReturnType<typeof openTrail>;

function inbound(trail: Trail): WorkflowInboundCallsInterceptor {
  return {
    execute(input, next) {
      trail.arrived(`RunWorkflow:${workflowInfo().workflowType}`, input.headers, 'task');
      return next(input);
    },
    handleSignal(input, next) {
      trail.arrived(`HandleSignal:${input.signalName}`, input.headers, 'recorded');
      return next(input);
    },
    handleUpdate(input, next) {
      trail.arrived(`HandleUpdate:${input.name}`, input.headers, 'task', input.updateId);
      return next(input);
    },
  };
}

function outbound(trail: Trail): WorkflowOutboundCallsInterceptor {
  return { scheduleActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...trail.headers() } }) };
}

/** What the package of Temporal's interceptors calls it: clients write it, activities read it. */
const HEADER = '_tracer-data';
const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Which message the next activity is caused by. What a signal brings about is recorded by an activity, perhaps after one that is
 * under way: it stays the cause until then. A start or an update causes what is scheduled in the same task; what a timer brings
 * about days later has a trace of its own.
 */
function openTrail() {
  const { moments } = proxySinks<MomentSinks>();
  let cause: { moment: Moment; task: number | null } | null = null;
  let count = 0;

  return {
    arrived(name: string, headers: Headers, until: 'task' | 'recorded', updateId: string | null = null): void {
      const [, traceId, parentSpanId, flags] = FORM.exec(traceparentOf(headers)) ?? [];
      if (traceId === undefined || parentSpanId === undefined || flags === undefined) return;
      const { runId, historyLength } = workflowInfo();
      count += 1;
      const moment = { name, traceId, spanId: spanId(`${runId} ${String(count)}`), parentSpanId, flags, at: Date.now(), updateId };
      cause = { moment, task: until === 'task' ? historyLength : null };
      if (flags === SAMPLED) moments.passed(moment);
    },
    headers(): Headers {
      const by = cause;
      if (by === null || (by.task !== null && by.task !== workflowInfo().historyLength)) return {};
      if (by.task === null) cause = null;
      const { traceId, spanId: parent, flags } = by.moment;
      return { [HEADER]: defaultPayloadConverter.toPayload({ traceparent: `00-${traceId}-${parent}-${flags}` }) };
    },
  };
}

const SAMPLED = '01';

function traceparentOf(headers: Headers): string {
  const payload = headers[HEADER];
  const carrier: { traceparent?: unknown } | null = payload === undefined ? null : defaultPayloadConverter.fromPayload(payload);
  return typeof carrier?.traceparent === 'string' ? carrier.traceparent : '';
}

/** The same in every replay, and random draws are left to the case: FNV-1a twice over, 64 bits as hex. */
function spanId(text: string): string {
  return fnv(text, 0x811c9dc5) + fnv(text, 0x01000193);
}

function fnv(text: string, basis: number): string {
  let hash = basis;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
