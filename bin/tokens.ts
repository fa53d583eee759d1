import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Role } from '../domain/event.js';
import { ownAudience, ownIssuer } from './configuration.js';

export interface TokenClaims {
  sub: string;
  roles: readonly Role[];
  department?: string;
  rung?: number;
}

/** A JWT that the API of the embedded set-up takes for a day (spec: api, general): EdDSA, own issuer and audience. */
export async function issueToken(key: KeyObject, { sub, ...claims }: TokenClaims): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(ownIssuer)
    .setAudience(ownAudience)
    .setIssuedAt()
    .setExpirationTime('1d')
    .sign(key);
}
