import { SimulateRequest, SimulateResponse } from '../../domain/sla/schema.js';
import { simulate } from '../../domain/sla/simulate.js';
import { declare, plain } from '../http/declare.js';
import type { Route } from '../http/route.js';

/** A clock tried out: budget, ledger and an instant in, what it shows out. Nothing is kept, so there is nothing to repeat. */
export const slaRoutes: Route[] = [
  declare({
    ...plain, method: 'post', path: '/v1/sla/simulate', tag: 'sla', access: 'everybody', summary: 'Read a clock at an instant',
    body: SimulateRequest,
    answers: { 200: { description: 'What the clock shows', schema: SimulateResponse } },
    act: ({ body }) => ({ status: 200, body: simulate(body) }),
  }),
];
