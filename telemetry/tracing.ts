import { context, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResourcesSync, envDetectorSync, Resource, type IResource } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { within } from '../engine/within.js';
import { traceparent } from './propagator.js';
import { scrubbing } from './scrub.js';

export interface TracingOptions {
  /** where spans are posted: OTLP over HTTP, protobuf */
  endpoint: string;
  /** `service.name` */
  service: string;
  version: string;
}

/** Traces on their way to a collector. */
export interface Tracing {
  /** takes spans that were made elsewhere: in a workflow */
  processor: Pick<SpanProcessor, 'onEnd'>;
  resource: IResource;
  /** hands over what is left, for three seconds at most, and ends tracing in this process */
  close(): Promise<void>;
}

/**
 * Switches tracing on in this process. Headers, how many are sampled and what else the resource says is read by OpenTelemetry
 * itself from its standard variables (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_RESOURCE_ATTRIBUTES`).
 */
export function openTracing({ endpoint, service, version }: TracingOptions): Tracing {
  const resource = Resource.default()
    .merge(detectResourcesSync({ detectors: [envDetectorSync] }))
    .merge(new Resource({ 'service.name': service, 'service.version': version }));
  const processor = new BatchSpanProcessor(scrubbing(new OTLPTraceExporter({ url: endpoint })), { scheduledDelayMillis: 1000 });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ propagator: traceparent });
  return {
    processor,
    resource,
    async close() {
      // a collector that is away must not hold up the end of a process
      await within(LAST_MS, provider.shutdown().catch(() => undefined));
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

const LAST_MS = 3000;
