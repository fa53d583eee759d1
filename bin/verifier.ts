import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { createTokenVerifier, type TokenVerifier } from '../api/access/tokens.js';
import { ownAlgorithm, type TokenSource } from './configuration.js';

const PATIENCE_MS = 5000;
/** An issuer that did not answer is asked again after so long, however many bring tokens meanwhile. */
const AGAIN_MS = 2000;
const Discovery = z.object({ jwks_uri: z.url(), issuer: z.string().optional() });

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
    found ??= discover(issuer).then(({ keys }) => createRemoteJWKSet(keys), (error: unknown) => {
      setTimeout(() => { found = null; }, AGAIN_MS).unref();
      throw error;
    });
    return (await found)(header, token);
  };
}

/** Where an issuer publishes its keys, and what it calls itself (OpenID Connect Discovery). Throws where it names none. */
export async function discover(issuer: string): Promise<{ keys: URL; issuer: string | undefined }> {
  const address = new URL('.well-known/openid-configuration', issuer.endsWith('/') ? issuer : `${issuer}/`);
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const found: unknown = answer.ok ? await answer.json() : null;
  const told = Discovery.safeParse(found);
  if (!told.success) throw new Error(`${address.href} names no jwks_uri`);
  return { keys: new URL(told.data.jwks_uri), issuer: told.data.issuer };
}
