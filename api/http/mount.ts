import type { Express, RequestHandler } from 'express';
import type { Authenticate } from '../access/authenticate.js';
import { isId } from '../../prisma/subject.js';
import { Problem } from '../problem/problem.js';
import { readJson } from './body.js';
import { etag } from './conditional.js';
import { ReadyJson } from './json.js';
import { withPatience } from './patience.js';
import type { Reply, Route } from './route.js';

/** Mounts routes as they are declared. Who asks is the first question; a path that nobody declared is not found after it. */
export function mount(app: Express, routes: readonly Route[], authenticate: Authenticate): void {
  // Express would refuse it before anybody is asked who they are
  app.use('/v1', async (request, _response, next) => {
    if (isReadable(request.path)) {
      next();
      return;
    }
    if (!isTracking(request.path)) await authenticate(request);
    throw Problem.of('not-found');
  });
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
    // a version tells how far a case has come, and not what this reader is shown of it now: Express would answer 304
    delete request.headers['if-none-match'];
    const named: unknown = request.params['id'];
    // a path can hold anything; a log only what can be an id
    if (typeof named === 'string' && isId(named)) response.locals['subject'] = named;
    const { status, body, version, location } = await withPatience(route.method, run());
    const made = location?.split('/').at(-1);
    if (made !== undefined && isId(made)) response.locals['subject'] ??= made;
    if (version !== undefined) response.set('ETag', etag(version));
    if (location !== undefined) response.set('Location', location);
    response.set('Cache-Control', 'no-store').status(status);
    if (body instanceof ReadyJson) response.type('json').send(body.bytes);
    else response.json(body);

    async function run(): Promise<Reply> {
      const caller = route.access === 'public' ? null : await authenticate(request);
      return route.run(request, caller, () => readJson(request, response));
    }
  };
}

/** `{id}` of OpenAPI as Express writes it. */
export function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function isReadable(path: string): boolean {
  try {
    return !path.includes('%') || decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

function isTracking(path: string): boolean {
  return path === '/track' || path.startsWith('/track/');
}
