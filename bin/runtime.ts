import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

let installed = false;

/**
 * The native part of the Temporal SDK, once per process: its warnings go to our log, and signals are left to us, who stop
 * the parts of a process in their order.
 */
export function installRuntime(log: Logger | null = null): void {
  if (installed) return;
  installed = true;
  const logger = new DefaultLogger('WARN', ({ level, message }) => {
    if (level === 'ERROR') log?.error(message);
    else log?.warn(message);
  });
  // the native part writes to the terminal unless it is told to hand its lines over
  const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) };
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging } });
}
