import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Express } from 'express';

/**
 * An HTTP server for an app, listening nowhere yet. Its requests and responses are made with the prototypes that Express expects of
 * them. Otherwise Express changes those of each pair as it arrives, and to V8 every request is then an object of a kind never
 * seen before: a route that does nothing costs four times as much (docs/performance.md).
 */
export function serverOf(app: Express): Server {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  app.request = Request.prototype as typeof app.request;
  app.response = Response.prototype as typeof app.response;
  return createServer({ IncomingMessage: Request, ServerResponse: Response }, app);
}
