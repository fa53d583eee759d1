import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { Arrival, Ending, Watch } from '../api/http/watch.js';
import { correlated, logFields } from './correlation.js';
import type { Metrics } from './metrics.js';
import { contextOf } from './propagator.js';
import { tracer } from './tracer.js';

/** Methods that become a label; whatever else a client sends is one. */
const METHODS = new Set(['GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PUT', 'PATCH']);
/** Asked every few seconds by machines; they would bury what people did. */
const PROBES = new Set(['/livez', '/readyz', '/metrics']);

/** Counts and traces requests, and gives what is logged meanwhile their ids. */
export function watchRequests({ requests }: Pick<Metrics, 'requests'>, { traces }: { traces: boolean }): Watch {
  return (arrival) => {
    const span = traces ? spanOf(arrival) : null;
    const outer = span ? trace.setSpan(context.active(), span) : context.active();
    return {
      within: (work) => context.with(outer, () => correlated({ requestId: arrival.requestId }, work)),
      ended(ending) {
        const { route, status, seconds } = ending;
        requests.observe({ method: methodOf(ending.method), route: route ?? 'none', status: String(status) }, seconds);
        if (span) end(span, ending);
      },
    };
  };
}

/** HTTP semantic conventions, but neither address nor query: they can hold a tracking code. */
function spanOf({ method, headers, requestId }: Arrival): Span {
  const given = headers['traceparent'];
  const attributes = { 'http.request.method': methodOf(method), 'threefold.request_id': requestId };
  return tracer().startSpan(methodOf(method), { kind: SpanKind.SERVER, attributes }, contextOf(typeof given === 'string' ? given : undefined));
}

function end(span: Span, { method, route, subject, status }: Ending): void {
  // nobody has seen it yet: it is sent as never sampled
  if (route !== null) span.updateName(`${methodOf(method)} ${route}`).setAttribute('http.route', route);
  if (subject !== null) span.setAttribute('threefold.subject', subject);
  const { workflowId, runId } = logFields();
  if (typeof workflowId === 'string') span.setAttribute('temporalWorkflowId', workflowId);
  if (typeof runId === 'string') span.setAttribute('run_id', runId);
  if (typeof status === 'number') span.setAttribute('http.response.status_code', status);
  if (status === 'aborted' || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', String(status));
  if (route !== null && PROBES.has(route)) return;
  span.end();
}

function methodOf(method: string): string {
  return METHODS.has(method) ? method : 'OTHER';
}
