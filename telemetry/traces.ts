import { OpenTelemetryActivityInboundInterceptor, OpenTelemetryActivityOutboundInterceptor, OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import { momentSinks } from './moments.js';
import { openTracing, type TracingOptions } from './tracing.js';
import type { MomentSinks } from './workflow.js';

/** All that a trace passes on its way through the engine. Loaded only where traces go somewhere: it takes its time to load. */
export interface Traces {
  client: WorkflowClientInterceptor;
  activity: ActivityInterceptorsFactory;
  sinks: InjectedSinks<MomentSinks>;
  close(): Promise<void>;
}

export function openTraces(options: TracingOptions): Traces {
  const tracing = openTracing(options);
  return {
    client: new OpenTelemetryWorkflowClientInterceptor(),
    activity: (context) => ({
      inbound: new OpenTelemetryActivityInboundInterceptor(context),
      outbound: new OpenTelemetryActivityOutboundInterceptor(context),
    }),
    sinks: momentSinks(tracing),
    close: tracing.close,
  };
}
