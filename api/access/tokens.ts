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
  /** Throws `invalid-token`. */
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
  return {
    async verify(token) {
      const { payload } = await (typeof key === 'function' ? jwtVerify(token, key, options) : jwtVerify(token, key, options)).catch(refuse);
      const claims = Claims.safeParse(payload);
      if (!claims.success) throw Problem.of('invalid-token', 'The claims must be sub, roles, and where they apply department and rung (0 to 3).');
      return claims.data;
    },
  };
}

/** A bad token is the caller's problem; an issuer that cannot be reached is ours. */
function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw Problem.of('invalid-token', 'The token has expired: get a new one.');
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw error;
  throw Problem.of('invalid-token');
}
