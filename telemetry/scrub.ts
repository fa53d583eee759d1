import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';

/**
 * An exporter that hands on spans without the words of errors: a driver's message may quote a value, and a stack the arguments.
 * The kind of an error stays, as `error.type`.
 */
export function scrubbing(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(scrubbed), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

function scrubbed(span: ReadableSpan): ReadableSpan {
  const { name, kind, parentSpanId, startTime, endTime, duration, ended, attributes, links, resource, instrumentationLibrary } = span;
  const failure = span.events.find((event) => event.name === 'exception')?.attributes?.['exception.type'];
  return {
    name, kind, startTime, endTime, duration, ended, links, resource, instrumentationLibrary,
    spanContext: () => span.spanContext(),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    status: { code: span.status.code },
    attributes: failure === undefined ? attributes : { 'error.type': failure, ...attributes },
    events: [],
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}
