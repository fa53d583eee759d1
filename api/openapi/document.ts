import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Route } from '../http/route.js';
import { ProblemShape } from '../problem/shape.js';
import { z } from './zod.js';

export interface ApiInfo {
  version: string;
  /** where this API is reached, when that is known */
  url?: string;
}

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const descriptions: Record<number, string> = {
  400: 'Not JSON, or a header that cannot be read', 401: 'Not signed in', 403: 'The role does not allow it', 404: 'Not there, or not for the caller to see',
  409: 'Refused by a rule; `missing` says what the gate misses', 412: 'The case has moved on from the version in `If-Match`', 413: 'Over 1 MB',
  415: 'Not `application/json`', 422: 'Invalid input, one entry in `errors` for each field', 429: 'Too many wrong tracking codes; see `Retry-After`',
  500: 'Something broke here, or the engine has lost the case; the log says more under the `X-Request-Id`',
  503: 'Engine or database away, or the outcome not known yet; see `Retry-After`',
};

const problemHeaders: Record<number, string[]> = { 401: ['WWW-Authenticate'], 429: ['Retry-After'], 503: ['Retry-After'] };

const IdempotencyKey = z.string().min(1).max(255).optional().describe('Repeating the same request under the same key does it once');
const IfMatch = z.string().optional().describe('The `ETag` that the caller saw; the command is done only if it still holds');

const Language = z.string().optional().describe('en or zh; the first of these that the caller takes');

/** The OpenAPI 3.1 document, made of the same declarations that are mounted. */
export function openApiDocument(routes: readonly Route[], { version, url }: ApiInfo): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A JWT, or an API key `tfk_…`' });
  registry.registerComponent('securitySchemes', 'key', { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The API key of a channel' });
  for (const route of routes) register(registry, route);
  return withoutFlags(new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Threefold', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'Customer complaints through three levels, closed only when the improvement is measured to work.',
    },
    servers: [{ url: url ?? '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
  }));
}

/** The generator leaves the flags of an expression in its `pattern`, where nothing then matches: they are taken as `u` says anyway. */
function withoutFlags(document: OpenApiDocument): OpenApiDocument {
  const told: unknown = JSON.parse(JSON.stringify(document), (name, value: unknown) =>
    (name === 'pattern' && typeof value === 'string' ? value.replace(/\/[dgimsuvy]+$/, '') : value));
  return told as OpenApiDocument;
}

function register(registry: OpenAPIRegistry, route: Route): void {
  const isPost = route.method === 'post';
  const headers = {
    ...(isPost ? { 'Idempotency-Key': IdempotencyKey } : {}), ...(route.conditional ? { 'If-Match': IfMatch } : {}),
    ...(route.localized ? { 'Accept-Language': Language } : {}),
  };
  registry.registerPath({
    method: route.method, path: route.path, tags: [route.tag], summary: route.summary,
    operationId: operationId(route), description: described(route),
    security: route.access === 'public' ? [] : [{ token: [] }, { key: [] }],
    request: {
      params: route.params, query: route.query,
      ...(Object.keys(headers).length > 0 ? { headers: z.object(headers) } : {}),
      ...(isPost ? { body: { required: !takesNothing(route.body), content: { 'application/json': { schema: route.body } } } } : {}),
    },
    responses: { ...answers(route), ...problems(route) },
  });
}

function described({ description, access }: Route): string {
  const who = typeof access === 'string' ? { everybody: 'Any role.', public: 'No login.' }[access] : `Roles: ${access.join(', ')}.`;
  return description ? `${description}\n\n${who}` : who;
}

function answers(route: Route) {
  return Object.fromEntries(Object.entries(route.answers).map(([status, { description, schema, headers = [] }]) => [status, {
    description, content: { 'application/json': { schema } }, ...headersOf(headers),
  }]));
}

function headersOf(names: readonly string[]) {
  return names.length > 0 ? { headers: Object.fromEntries(names.map((name) => [name, { schema: { type: 'string' as const } }])) } : {};
}

function problems(route: Route) {
  const statuses = [...problemStatuses(route)].sort((a, b) => a - b);
  return Object.fromEntries(statuses.map((status) => [status, {
    description: descriptions[status] ?? 'A problem', content: { 'application/problem+json': { schema: ProblemShape } },
    ...headersOf(problemHeaders[status] ?? []),
  }]));
}

/** What a route can be refused with, as its declaration implies. */
export function problemStatuses(route: Route): Set<number> {
  const own = route.problems ?? [];
  const signedIn = route.access === 'public' ? [] : [401, 403];
  const named = Object.keys(route.params.shape).length > 0 ? [404] : [];
  const sent = route.method === 'post' ? [400, 413, 415, 422, 409] : [];
  const asked = Object.keys(route.query.shape).length > 0 ? [422] : [];
  return new Set([...own, ...signedIn, ...named, ...sent, ...asked, ...(route.conditional ? [412] : []), 500, 503]);
}

/** `post /v1/complaints/{id}/follow-up` becomes `postComplaintsIdFollowUp`. */
function operationId({ method, path }: Route): string {
  const words = path.replace(/^\/v1\//, '').split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function takesNothing(body: z.ZodType): boolean {
  return body instanceof z.ZodObject && Object.keys(body.shape).length === 0;
}
