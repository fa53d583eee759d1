import {
  isSpanContextValid, ROOT_CONTEXT, trace, TraceFlags, type Context, type SpanContext, type TextMapGetter, type TextMapPropagator,
  type TextMapSetter,
} from '@opentelemetry/api';

const TRACEPARENT = 'traceparent';
const FORM = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * W3C `traceparent` and nothing else. A caller's `tracestate` and `baggage` are free text, and what is taken in here goes on
 * into histories that nobody can change: two random ids and a flag may, words may not.
 */
export const traceparent: TextMapPropagator = {
  fields: () => [TRACEPARENT],
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const span = trace.getSpanContext(context);
    if (span && isSpanContextValid(span)) setter.set(carrier, TRACEPARENT, writeTraceparent(span));
  },
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const given = getter.get(carrier, TRACEPARENT);
    const span = typeof given === 'string' ? readTraceparent(given) : null;
    return span ? trace.setSpanContext(context, span) : context;
  },
};

/** The context that a request comes with; the root where it brings none. */
export function contextOf(given: string | undefined): Context {
  const span = given === undefined ? null : readTraceparent(given);
  return span ? trace.setSpanContext(ROOT_CONTEXT, span) : ROOT_CONTEXT;
}

/** Null for what is no traceparent (W3C Trace Context, 3.2.2). */
export function readTraceparent(text: string): SpanContext | null {
  const [, traceId, spanId, flags] = FORM.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(span) ? span : null;
}

function writeTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${String(traceFlags & TraceFlags.SAMPLED)}`;
}
