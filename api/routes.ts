import { auditRoutes } from './audit/routes.js';
import { calendarRoutes } from './calendars/routes.js';
import { commandRoutes } from './commands/routes.js';
import { complaintRoutes } from './complaints/routes.js';
import type { Deps } from './deps.js';
import { escalationRoutes } from './escalations/routes.js';
import type { Route } from './http/route.js';
import { investigationRoutes } from './investigations/routes.js';
import { migrationRoutes } from './policies/migrations.js';
import { whatIfRoute } from './policies/whatIf.js';
import { policyRoutes } from './policies/routes.js';
import { rosterRoutes } from './rosters/routes.js';
import { slaRoutes } from './sla/routes.js';
import { taxonomyRoutes } from './taxonomies/routes.js';
import { trackingRoutes } from './tracking/routes.js';

/** Every route under `/v1`: what is mounted, and what the OpenAPI document tells. */
export function allRoutes(deps: Deps): Route[] {
  return [
    ...complaintRoutes(deps), ...commandRoutes(deps), ...escalationRoutes(deps), ...auditRoutes(deps), ...investigationRoutes(deps),
    ...policyRoutes(deps), ...migrationRoutes(deps), whatIfRoute(deps),
    ...calendarRoutes(deps), ...slaRoutes, ...rosterRoutes(deps), ...taxonomyRoutes(deps), ...trackingRoutes(deps),
  ];
}
