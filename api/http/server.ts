import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Express } from 'express';

/**
 * An HTTP server for an app, listening nowhere yet. Its requests and responses are made with the prototypes that Express expects of them,
 * for which the app gets some of its own. Otherwise Express changes those of each pair as it arrives, and to V8 every request is then an
 * object of a kind never seen before: a route that does nothing costs four times as much (docs/performance.md).
 */
export function serverOf(app: Express): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  app.request = AppRequest.prototype as typeof app.request;
  app.response = AppResponse.prototype as typeof app.response;
  return createServer({ IncomingMessage: AppRequest, ServerResponse: AppResponse }, app);
}
