import { errors, jwtVerify, type CryptoKey, type JWTVerifyGetKey, type KeyObject } from 'jose';
import { z } from 'zod';
import { Sub } from '../../domain/complaint/schema.js';
import { roles } from '../../domain/event.js';
import { Problem } from '../problem/problem.js';

/** Names that events and deliveries give to Threefold, to customers, channels, rungs and departments: no person has them. */
const reserved = /^(system|customer|channel-.*|rung:.*|department:.*)$/i;

/** What a token says of its bearer. Claims that Threefold does not know are left alone, and so are roles of other systems. */
export const Claims = z.object({
  sub: Sub.refine((sub) => !reserved.test(sub)),
  roles: z.array(z.string()).max(50).transform((all) => roles.filter((role) => all.includes(role))),
  department: z.string().min(1).max(64).optional(),
  rung: z.int().min(0).max(3).optional(),
});
export type Claims = z.infer<typeof Claims>;

export interface TokenVerifier {
  /** Throws `invalid-token`, and `issuer-away` where its keys cannot be had. */
  verify(token: string): Promise<Claims>;
}

export interface TokenRules {
  /** one public key, or a resolver over an issuer's JWKS */
  key: CryptoKey | KeyObject | Uint8Array | JWTVerifyGetKey;
  issuer: string;
  audience: string;
  /** the one algorithm that is taken */
  algorithm?: string;
}

const CLOCK_TOLERANCE_SECONDS = 5;

/** Verifies tokens of one issuer for one audience, signed with one pinned algorithm (EdDSA unless told), within their time. */
export function createTokenVerifier({ key, issuer, audience, algorithm = 'EdDSA' }: TokenRules): TokenVerifier {
  const options = { issuer, audience, algorithms: [algorithm], clockTolerance: CLOCK_TOLERANCE_SECONDS, requiredClaims: ['sub', 'exp'] };
  const verified = new Map<string, { claims: Claims; until: number }>();

  async function read(token: string): Promise<Claims> {
    const { payload } = await (typeof key === 'function' ? jwtVerify(token, key, options) : jwtVerify(token, key, options)).catch(refuse);
    const claims = Claims.safeParse(payload);
    if (!claims.success) throw Problem.of('invalid-token', 'The claims must be sub, roles, and where they apply department and rung (0 to 3).');
    if (verified.size >= KEPT_TOKENS) verified.clear();
    verified.set(token, { claims: claims.data, until: Math.min(Date.now() + KEPT_MS, (payload.exp ?? 0) * 1000) });
    return claims.data;
  }

  return {
    async verify(token) {
      const known = verified.get(token);
      if (known && Date.now() < known.until) return known.claims;
      verified.delete(token);
      return read(token);
    },
  };
}

/** For so long a token that was verified is not verified again: a key that its issuer withdraws counts no longer than that. */
const KEPT_MS = 30_000;
const KEPT_TOKENS = 10_000;

/** What speaks of the token itself, and of no keys that could not be had or read. */
const OF_THE_TOKEN = /^ERR_(JWT_|JWS_|JOSE_ALG_NOT_ALLOWED$|JOSE_NOT_SUPPORTED$|JWKS_NO_MATCHING_KEY$|JWKS_MULTIPLE_MATCHING_KEYS$)/;

/** A bad token is the caller's problem; an issuer that cannot be reached, or read, is ours. */
function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw Problem.of('invalid-token', 'The token has expired: get a new one.');
  if (error instanceof errors.JOSEError && OF_THE_TOKEN.test(error.code)) throw Problem.of('invalid-token');
  throw Object.assign(Problem.of('issuer-away', undefined, { retryAfter: 5 }), { cause: error });
}
