import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.js';
import { instant, type Instant } from '../domain/time.js';
import type { Engine } from '../engine/engine.js';
import type { Database } from '../prisma/database.js';
import type { Vault } from '../prisma/vault.js';
import { createAuthenticate } from './access/authenticate.js';
import type { TokenVerifier } from './access/tokens.js';
import { mountDocs } from './docs/mount.js';
import { mountHealth, type Health } from './health/mount.js';
import { requestLog } from './http/log.js';
import { mount } from './http/mount.js';
import type { Watch } from './http/watch.js';
import { openApiDocument, type ApiInfo } from './openapi/document.js';
import { problems } from './problem/middleware.js';
import { Problem } from './problem/problem.js';
import { openRecords } from './records/open.js';
import { allRoutes } from './routes.js';
import { limitTracking, trackingLimits, type TrackingLimits } from './tracking/limit.js';

export interface ApiOptions {
  database: Database;
  vault: Vault;
  engine: Engine;
  /** whether the engine answers: throws when not; for `/readyz` */
  probeEngine: () => Promise<unknown>;
  /** of the process that it is part of */
  health?: Pick<Health, 'isStopping' | 'metrics'>;
  /** whether it may touch the database yet: until then it answers as if that were away; always unless told */
  mayServe?: (() => boolean) | undefined;
  audit: Audit;
  tokens: TokenVerifier;
  log: Logger;
  /** metrics and traces of requests; none unless told */
  watch?: Watch | undefined;
  info: ApiInfo;
  /** the reader's now */
  clock?: () => Instant;
  limits?: TrackingLimits;
  /** proxies before it, whose word about the caller's address is taken; none unless told */
  trustProxy?: number;
}

const contentSecurityPolicy = { directives: { upgradeInsecureRequests: null } };

/** It is not known yet whether the database is the one that this process has the key of. */
function notYet(): Problem {
  return Problem.of('database-away', undefined, { retryAfter: 2 });
}

/** The API as an Express app. It listens nowhere yet: `bin` gives it a port. */
export function createApi(options: ApiOptions): Express {
  const { database, vault, engine, probeEngine, audit, tokens, log, info, mayServe = () => true } = options;
  const records = openRecords(database, vault);
  const routes = allRoutes({ records, vault, engine, audit, log, clock: options.clock ?? (() => instant(Date.now())) });
  const authenticate = createAuthenticate({ tokens, ...records });

  const app = express();
  app.disable('x-powered-by').set('etag', false).set('query parser', 'simple').set('trust proxy', options.trustProxy ?? 0);
  // plain HTTP is what a set-up on one machine speaks; whoever puts TLS before it sets these there
  app.use(requestLog(log, options.watch), helmet({ strictTransportSecurity: false, contentSecurityPolicy }));
  mountHealth(app, { database: () => (mayServe() ? records.ping() : Promise.reject(notYet())), engine: probeEngine, ...options.health });
  mountDocs(app, () => openApiDocument(routes, info));
  app.use('/v1', (_request, _response, next) => {
    next(mayServe() ? undefined : notYet());
  });
  app.use('/v1/track', limitTracking(options.limits ?? trackingLimits));
  mount(app, routes, authenticate);
  app.use(problems(log));
  return app;
}
