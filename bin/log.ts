import pino, { type Logger } from 'pino';
import { logFields } from '../telemetry/correlation.js';

/** The log of a process: JSON, one line each, with the ids of the request, case, run and trace that a line belongs to. */
export function openLog(name: string, level: string): Logger {
  return pino({ name, level, mixin: logFields });
}
