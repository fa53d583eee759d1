import { z } from 'zod';
import type { Role } from '../../domain/event.js';
import { Problem } from '../problem/problem.js';
import { roleAmong, type Caller } from './caller.js';
import { checkKey } from './idempotency.js';
import type { Declaration, Fields, Route } from './route.js';

/** No fields at all: the body of `{}`, a query of none. */
export const nothing = z.strictObject({});

/** What a route has unless it says more: no parameters, nothing to find. */
export const plain = { params: nothing, query: nothing, body: nothing, find: () => undefined };

/** Stands in on public routes, where nobody is asked who they are. */
const nobody: Caller = { sub: 'customer', roles: [], department: null, rung: null };

/**
 * Makes a route of its declaration. Its checks run in the contract's order: found and visible (404), role (403), body (400, 413,
 * 415), fields (422); then it acts. 401 comes before all of them, 412 and 409 come from the rules.
 */
export function declare<P extends Fields, Q extends Fields, B extends z.ZodType, Subject>(
  declaration: Declaration<P, Q, B, Subject>,
): Route {
  const { find, entitles, act, ...described } = declaration;
  const { params, query, body, access, method } = declaration;
  return {
    ...described,
    async run(request, caller, readBody) {
      const named = params.safeParse(request.params);
      if (!named.success) throw Problem.of('not-found');
      const subject = await find({ caller, params: named.data, request });
      const role = permit(access, caller, caller && entitles ? entitles(caller, subject) : null);
      if (method === 'post') checkKey(request);
      const sent = body.safeParse(method === 'post' ? await readBody() : {});
      if (!sent.success) throw Problem.invalid(sent.error);
      const asked = query.safeParse(request.query);
      if (!asked.success) throw Problem.invalid(asked.error);
      return act({ caller: caller ?? nobody, role, params: named.data, query: asked.data, body: sent.data, subject, request });
    },
  };
}

/** The role that lets the caller in; 403 when none does. On a public route nobody acts in a role. */
function permit(access: Route['access'], caller: Caller | null, entitled: Role | null): Role | null {
  if (access === 'public') return null;
  const role = caller && (access === 'everybody' ? caller.roles[0] : roleAmong(caller, access));
  if (role ?? entitled) return role ?? entitled;
  throw Problem.of('forbidden', access === 'everybody' ? 'Your token names no role.' : `This takes one of the roles ${access.join(', ')}.`);
}
