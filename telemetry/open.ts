import type { ClientInterceptors } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type { Watch } from '../api/http/watch.js';
import type { Engine } from '../engine/engine.js';
import type { OrphanCounts } from '../engine/reconciler.js';
import type { Around, Database } from '../prisma/database.js';
import { activityInterceptors } from './activities.js';
import { clientInterceptors } from './client.js';
import { timed } from './commands.js';
import { openGauges } from './gauges.js';
import { observeLateness } from './lateness.js';
import { openMetrics } from './metrics.js';
import { watchRequests } from './requests.js';
import { tracedStatement } from './statements.js';
import type { CoreMetrics } from './temporal.js';
import type { TracingOptions } from './tracing.js';

export interface TelemetryOptions {
  /** null: no traces */
  tracing: TracingOptions | null;
  /** of the SDK's native part; null where no worker runs */
  core: CoreMetrics | null;
}

/** What watches a process from within: metrics and, where they go somewhere, traces. One for a process. */
export interface Telemetry {
  /** has its gauges read from this database from now on */
  connected(database: Database): void;
  /** what `GET /metrics` answers */
  metrics(): Promise<{ contentType: string; body: string }>;
  /** around each statement; undefined without traces */
  around: Around | undefined;
  runtime: CoreMetrics['runtime'] | undefined;
  client: ClientInterceptors;
  worker: Pick<WorkerOptions, 'interceptors' | 'sinks'>;
  watch: Watch;
  engine: (engine: Engine) => Engine;
  /** what a case did alone has been recorded */
  onRecorded: (events: readonly { at: string; command: string | null }[]) => void;
  /** an attempt to deliver something has ended */
  onDelivered: (transport: string, outcome: string) => void;
  /** the reconciler has been round */
  onOrphans: (counts: OrphanCounts) => void;
  /** hands over what is left, for three seconds at most */
  close(): Promise<void>;
}

export async function openTelemetry({ tracing, core }: TelemetryOptions): Promise<Telemetry> {
  const metrics = openMetrics();
  const traces = tracing && (await import('./traces.js')).openTraces(tracing);
  let refresh: () => Promise<void> = () => Promise.resolve();
  return {
    connected(database) {
      refresh = openGauges(metrics.registry, database);
    },
    async metrics() {
      const [native] = await Promise.all([core?.read() ?? '', refresh()]);
      return { contentType: metrics.registry.contentType, body: (await metrics.registry.metrics()) + native };
    },
    around: traces ? tracedStatement : undefined,
    runtime: core?.runtime,
    client: clientInterceptors(traces),
    worker: { interceptors: { activity: activityInterceptors(traces) }, ...(traces ? { sinks: traces.sinks } : {}) },
    watch: watchRequests(metrics, { traces: traces !== null }),
    engine: (engine) => timed(engine, metrics),
    onRecorded: observeLateness(metrics.lateness),
    onDelivered: (transport, outcome) => metrics.deliveries.inc({ transport, outcome }),
    onOrphans(counts) {
      metrics.withoutWorkflow.set(counts.case);
      metrics.withoutCase.set(counts.workflow);
      metrics.reconciled.setToCurrentTime();
    },
    close: async () => {
      await traces?.close();
    },
  };
}
