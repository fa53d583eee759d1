import pino, { type Logger } from 'pino';
import { logFields } from '../telemetry/correlation.js';

/** The log of a process: JSON, one line each, with the ids of the request, case, run and trace that a line belongs to. */
export function openLog(name: string, level: string): Logger {
  const out = pino.destination(1);
  // a full disk under the log ends nobody; what cannot be written is lost, and no more than that
  out.on('error', () => undefined);
  return pino({ name, level, mixin: logFields }, out);
}
