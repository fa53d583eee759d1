import type { Request } from 'express';
import type { Caller } from '../http/caller.js';
import { Problem } from '../problem/problem.js';
import type { Claims, TokenVerifier } from './tokens.js';

export type Authenticate = (request: Request) => Promise<Caller>;

export interface Identities {
  tokens: TokenVerifier;
  /** records that a person was seen; answers the sub that events may carry (a random id for one that looks like an address) */
  seen: (claims: Claims) => Promise<string>;
  /** whether the taxonomies know a department */
  isDepartment: (code: string) => Promise<boolean>;
  /** the channel that a secret belongs to, or null */
  channelOf: (secret: string) => Promise<string | null>;
}

export const KEY_PREFIX = 'tfk_';

/** Who asks: the bearer of a token, or a channel by its API key (`Authorization: Bearer tfk_…` or `X-API-Key`). Throws 401. */
export function createAuthenticate({ tokens, seen, isDepartment, channelOf }: Identities): Authenticate {
  async function byKey(secret: string): Promise<Caller> {
    const sub = await channelOf(secret);
    if (sub === null) throw Problem.of('invalid-key');
    return { sub, roles: ['channel'], department: null, rung: null };
  }

  async function byToken(token: string): Promise<Caller> {
    const claims = await knownDepartment(await tokens.verify(token));
    const rung = claims.roles.includes('supervisor') ? claims.rung ?? 1 : null;
    return { sub: await seen(claims), roles: claims.roles, department: claims.department ?? null, rung };
  }

  /** A department enters histories, where only codes may stand: one that the taxonomies do not know is none. */
  async function knownDepartment({ department, ...claims }: Claims): Promise<Claims> {
    return department !== undefined && await isDepartment(department) ? { ...claims, department } : claims;
  }

  return async (request) => {
    const bearer = /^Bearer +([^\s]+) *$/i.exec(request.get('Authorization') ?? '')?.[1];
    const secret = bearer?.startsWith(KEY_PREFIX) ? bearer : bearer === undefined ? request.get('X-API-Key') : undefined;
    if (bearer === undefined && secret === undefined) throw Problem.of('unauthenticated');
    const caller = secret !== undefined ? await byKey(secret) : await byToken(bearer ?? '');
    if (request.res) request.res.locals['caller'] = caller.sub;
    return caller;
  };
}
