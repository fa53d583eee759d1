import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { Problem } from './problem.js';
import { translate } from './translate.js';

/** The one place where an error becomes an answer (RFC 9457). */
export function problems(log: Logger): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const problem = translate(error);
    if (problem.status >= 500) log.error({ requestId: response.locals['requestId'], error: described(error) }, problem.code);
    if (response.headersSent) return next(error);
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer realm="threefold"');
    if (problem.extra.retryAfter !== undefined) response.set('Retry-After', String(problem.extra.retryAfter));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** Where it broke. Messages of drivers can quote values, so only their kind and place are logged. */
function described(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  if (error instanceof Problem && error.cause !== undefined) return { problem: error.code, ...described(error.cause) };
  const code = 'code' in error ? error.code : undefined;
  return { kind: error.name, code, at: error.stack?.split('\n').filter((line) => line.startsWith('    at ')).slice(0, 6).map((line) => line.trim()) };
}
