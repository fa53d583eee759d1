import { z } from 'zod';
import { core, coreOf, type CoreConfiguration } from './core.js';
import { parse, port, whole, type Environment } from './environment.js';
import { processes, processOf, tracing, tracingOf, type ProcessConfiguration, type TracingConfiguration } from './process.js';
import { listening } from './settings.js';
import { transports, transportsOf, type TransportConfiguration } from './transports.js';

/** What the worker process needs. */
export interface WorkerConfiguration extends CoreConfiguration, ProcessConfiguration {
  /** cases kept in memory */
  cachedWorkflows: number;
  /** how fast a backlog of starts is begun at most */
  startsPerSecond: number;
  /** where it answers what it is asked about itself; null: nowhere */
  health: { host: string; port: number } | null;
  transports: TransportConfiguration;
  tracing: TracingConfiguration | null;
}

/** Cases kept in memory unless told: some 660 MiB under a backlog of starts (docs/performance.md). */
export const CACHED_WORKFLOWS = 1000;

export const worker = z.object({
  ...core.shape,
  ...processes.shape,
  ...tracing.shape,
  ...transports.shape,
  ...listening.pick({ HOST: true }).shape,
  THREEFOLD_CACHED_WORKFLOWS: whole(1, 1_000_000).default(CACHED_WORKFLOWS).describe('how many cases a worker keeps in memory, from 1 to 1000000'),
  THREEFOLD_STARTS_PER_SECOND: whole(1, 10_000).default(50)
    .describe('how many cases of a backlog a worker starts in a second at most, from 1 to 10000'),
  THREEFOLD_WORKER_PORT: port.optional().describe('a port from 0 to 65535, where a worker answers /livez, /readyz and /metrics; 0 takes any free one'),
});

/** Configuration of the worker process. Throws `Exit` 2 naming what is missing or wrong. */
export function readWorkerConfiguration(env: Environment): WorkerConfiguration {
  const read = parse(worker, env);
  return {
    ...coreOf(read, env),
    ...processOf(read),
    cachedWorkflows: read.THREEFOLD_CACHED_WORKFLOWS,
    startsPerSecond: read.THREEFOLD_STARTS_PER_SECOND,
    health: read.THREEFOLD_WORKER_PORT === undefined ? null : { host: read.HOST, port: read.THREEFOLD_WORKER_PORT },
    transports: transportsOf(read),
    tracing: tracingOf(read),
  };
}
