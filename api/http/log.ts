import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

const GIVEN_ID = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * One line a request: what was asked and how it ended. The route as it is declared stands for the address, which can hold a
 * tracking code or a query; no header and no body is ever logged.
 */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    const given = request.get('X-Request-Id');
    const requestId = given && GIVEN_ID.test(given) ? given : randomUUID();
    response.locals['requestId'] = requestId;
    response.set('X-Request-Id', requestId);
    response.on('close', () => {
      const ms = Number((process.hrtime.bigint() - started) / 1000n) / 1000;
      const route: unknown = response.locals['route'] ?? null;
      const outcome = response.writableFinished ? response.statusCode : 'aborted';
      log.info({ requestId, method: request.method, route, caller: response.locals['caller'] ?? null, status: outcome, ms }, 'request');
    });
    next();
  };
}
