import { AsyncResource } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { unwatched, type Watch } from './watch.js';

const GIVEN_ID = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * One line a request: what was asked and how it ended. The route as it is declared stands for the address, which can hold a
 * tracking code or a query; no header and no body is ever logged.
 */
export function requestLog(log: Logger, watch: Watch = unwatched): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    const { method, headers } = request;
    const given = request.get('X-Request-Id');
    const requestId = given && GIVEN_ID.test(given) ? given : randomUUID();
    response.locals['requestId'] = requestId;
    response.set('X-Request-Id', requestId);
    const watched = watch({ requestId, method, headers });
    watched.within(() => {
      // The end of a connection is nobody's work: within this, its line still belongs to the request (AsyncResource.bind does the same,
      // and gives each function a deprecated property: as dear as writing the line)
      const scope = new AsyncResource('request');
      const end = (): void => {
        const ms = Number((process.hrtime.bigint() - started) / 1000n) / 1000;
        const { route, subject, caller } = told(response);
        const status = response.writableFinished ? response.statusCode : 'aborted';
        log.info({ requestId, method, route, subject, caller, status, ms }, 'request');
        watched.ended({ method, route, subject, status, seconds: ms / 1000 });
      };
      response.on('close', () => { scope.runInAsyncScope(end); });
      next();
    });
  };
}

/** What the handlers have left about the request. */
function told({ locals }: Response): Record<'route' | 'subject' | 'caller', string | null> {
  const text = (name: string): string | null => {
    const value: unknown = locals[name];
    return typeof value === 'string' ? value : null;
  };
  return { route: text('route'), subject: text('subject'), caller: text('caller') };
}
