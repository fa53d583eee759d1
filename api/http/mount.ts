import type { Express, RequestHandler } from 'express';
import type { Authenticate } from '../access/authenticate.js';
import { Problem } from '../problem/problem.js';
import { readJson } from './body.js';
import { etag } from './conditional.js';
import type { Reply, Route } from './route.js';

/** Mounts routes as they are declared. Who asks is the first question; a path that nobody declared is not found after it. */
export function mount(app: Express, routes: readonly Route[], authenticate: Authenticate): void {
  for (const route of routes) {
    app[route.method](expressPath(route.path), handle(route, authenticate));
  }
  app.use('/v1', async (request) => {
    if (!isTracking(request.path)) await authenticate(request);
    throw Problem.of('not-found');
  });
  app.use(() => {
    throw Problem.of('not-found');
  });
}

function handle(route: Route, authenticate: Authenticate): RequestHandler {
  return async (request, response) => {
    response.locals['route'] = route.path;
    const caller = route.access === 'public' ? null : await authenticate(request);
    const reply = await route.run(request, caller, () => readJson(request, response));
    const { status, body, version, location }: Reply = reply;
    if (version !== undefined) response.set('ETag', etag(version));
    if (location !== undefined) response.set('Location', location);
    response.set('Cache-Control', 'no-store').status(status).json(body);
  };
}

/** `{id}` of OpenAPI as Express writes it. */
export function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function isTracking(path: string): boolean {
  return path === '/track' || path.startsWith('/track/');
}
