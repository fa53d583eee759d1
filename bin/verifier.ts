import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { createTokenVerifier, type TokenVerifier } from '../api/access/tokens.js';
import { ownAlgorithm, type TokenSource } from './configuration.js';

const PATIENCE_MS = 5000;

/** Who signs the tokens: a key of one's own, or an OIDC issuer whose keys are fetched as it publishes them, when they are first needed. */
export function verifierOf(tokens: TokenSource): TokenVerifier {
  const { issuer, audience } = tokens;
  if (tokens.kind === 'key') return createTokenVerifier({ key: tokens.publicKey, issuer, audience, algorithm: ownAlgorithm });
  return createTokenVerifier({ key: issuerKeys(issuer), issuer, audience, algorithm: tokens.algorithm });
}

/** An issuer that is away while the API starts is asked again with the next token. */
function issuerKeys(issuer: string): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | null = null;
  return async (header, token) => {
    found ??= discover(issuer).then((uri) => createRemoteJWKSet(uri));
    const keys = await found.catch((error: unknown) => {
      found = null;
      throw error;
    });
    return keys(header, token);
  };
}

/** Where an issuer publishes its keys (OpenID Connect Discovery). Throws when it does not answer, or names none. */
export async function discover(issuer: string): Promise<URL> {
  const address = new URL('.well-known/openid-configuration', issuer.endsWith('/') ? issuer : `${issuer}/`);
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const found: unknown = answer.ok ? await answer.json() : null;
  const uri: unknown = typeof found === 'object' && found !== null && 'jwks_uri' in found ? found.jwks_uri : undefined;
  if (typeof uri !== 'string') throw new Error(`${address.href} names no jwks_uri`);
  return new URL(uri);
}
