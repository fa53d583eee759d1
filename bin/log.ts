import pino, { type Logger } from 'pino';
import { logFields } from '../telemetry/correlation.js';

const MOST_WAITING = 1_000_000;

/** The log of a process: JSON, one line each, with the ids of the request, case, run and trace that a line belongs to. */
export function openLog(name: string, level: string): Logger {
  const out = pino.destination({ dest: 1, maxLength: MOST_WAITING });
  const flushSync = out.flushSync.bind(out);
  // A full disk under the log ends nobody: what cannot be written waits, up to a megabyte, and is not waited for at the end.
  out.on('error', () => { out.flushSync = () => undefined; });
  out.on('write', () => { out.flushSync = flushSync; });
  return pino({ name, level, mixin: logFields }, out);
}
