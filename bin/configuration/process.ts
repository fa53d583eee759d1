import { z } from 'zod';
import { text, whole } from './environment.js';

/** What every process of Threefold can be told about itself. */
export interface ProcessConfiguration {
  /** connections to the database at most */
  poolSize: number;
  /** pino's */
  logLevel: string;
  /** how long what is under way may take after a stop */
  graceSeconds: number;
}

export const graceful = z.object({
  THREEFOLD_SHUTDOWN_GRACE_SECONDS: whole(0, 3600).default(10)
    .describe('how many seconds what is under way may take after a stop, from 0 to 3600'),
});

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const processes = z.object({
  ...graceful.shape,
  THREEFOLD_POOL_SIZE: whole(1, 1000).default(10).describe('how many connections to the database one process may hold, from 1 to 1000'),
  LOG_LEVEL: z.enum(levels).default('info').describe(`what is logged, from one of the levels ${levels.join(', ')} up`),
});

/** Traces are sent where an endpoint is set; these are OpenTelemetry's own variables. */
export interface TracingConfiguration {
  /** where spans are posted */
  endpoint: string;
  /** what the process is called in a trace; null: what it is */
  service: string | null;
}

export const tracing = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional().describe('the URL of an OpenTelemetry collector that takes OTLP over HTTP'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional().describe('the URL that traces are posted to, where it is one of its own'),
  OTEL_SERVICE_NAME: text.optional().describe('what the process is called in a trace'),
});

export function processOf(read: z.infer<typeof processes>): ProcessConfiguration {
  return {
    poolSize: read.THREEFOLD_POOL_SIZE,
    logLevel: read.LOG_LEVEL,
    graceSeconds: read.THREEFOLD_SHUTDOWN_GRACE_SECONDS,
  };
}

/** Null where no endpoint is set. */
export function tracingOf(read: z.infer<typeof tracing>): TracingConfiguration | null {
  const base = read.OTEL_EXPORTER_OTLP_ENDPOINT;
  const endpoint = read.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`);
  return endpoint === undefined ? null : { endpoint, service: read.OTEL_SERVICE_NAME ?? null };
}
