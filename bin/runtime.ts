import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { sdkLog } from '../telemetry/sdkLog.js';
import type { Instruments } from './instruments.js';

/**
 * The native part of the Temporal SDK: its warnings go to our log, and signals are left to us, who stop the parts of a process in
 * their order. It ends with the last worker or replay that needs it, so each asks for it anew; while it is there, nothing changes.
 */
export function installRuntime(log: Logger | null = null, telemetry: Instruments['runtime'] = {}): void {
  const logger = new DefaultLogger('WARN', log ? sdkLog(log) : () => undefined);
  // the native part writes to the terminal unless it is told to hand its lines over
  const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) };
  try {
    Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { ...telemetry, logging } });
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
