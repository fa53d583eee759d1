import { taxonomyKinds } from '../../domain/taxonomy/taxonomies.js';
import type { Deps } from '../deps.js';
import { declare, plain } from '../http/declare.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';

const Term = z.strictObject({ code: z.string(), zh: z.string(), en: z.string(), parent: z.string().optional().describe('of a subtype: its type') }).openapi('Term');
const Taxonomies = z.record(z.enum(taxonomyKinds), z.array(Term));

/** The fixed lists that codes are taken from (L1.2). */
export function taxonomyRoutes({ records }: Deps): Route[] {
  return [declare({
    ...plain, method: 'get', path: '/v1/taxonomies', tag: 'taxonomies', access: 'everybody', summary: 'Types, departments and the other lists',
    answers: { 200: { description: 'Each list in its order', schema: Taxonomies } },
    act: async () => ({ status: 200, body: await records.lists() }),
  })];
}
