import { openTelemetry, type Telemetry } from '../telemetry/open.js';
import { coreMetrics } from '../telemetry/temporal.js';
import { TRACED_BUNDLE } from './bundle.js';
import type { TracingConfiguration } from './configuration.js';
import { freePort } from './embedded/ports.js';
import { version } from './version.js';

/** What watches a process from within: metrics, traces, the ids in its log. Each piece may be left out. */
export interface Instruments extends Partial<Telemetry> {
  /** the workflow bundle that a worker runs with them, where it is not the plain one */
  bundle?: string | undefined;
}

/** The instruments of an API; its commands and requests are timed, and traced where an endpoint is configured. */
export async function apiInstruments(tracing: TracingConfiguration | null): Promise<Instruments> {
  return openTelemetry({ tracing: tracing && traced(tracing, 'threefold-api'), core: null });
}

/** Those of a worker. Where nobody can ask for them, the SDK's native part keeps no metrics. */
export async function workerInstruments(
  { tracing, health }: { tracing: TracingConfiguration | null; health: object | null },
): Promise<Instruments> {
  const core = health === null ? null : coreMetrics(await freePort());
  const telemetry = await openTelemetry({ tracing: tracing && traced(tracing, 'threefold-worker'), core });
  return { ...telemetry, bundle: tracing ? TRACED_BUNDLE : undefined };
}

function traced({ endpoint, service }: TracingConfiguration, role: string) {
  return { endpoint, service: service ?? role, version };
}
