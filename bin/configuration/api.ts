import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { readPublicKey } from '../keys.js';
import { core, coreOf, type CoreConfiguration } from './core.js';
import { parse, text, whole, wrong, type Environment } from './environment.js';
import { processes, processOf, tracing, tracingOf, type ProcessConfiguration, type TracingConfiguration } from './process.js';
import { listening } from './settings.js';

/** Who signs the tokens the API takes: a key of one's own, or an OIDC issuer. */
export type TokenSource =
  | { kind: 'key'; publicKey: KeyObject; issuer: string; audience: string }
  | { kind: 'oidc'; issuer: string; audience: string; algorithm: string };

/** What the API process needs. */
export interface ApiConfiguration extends CoreConfiguration, ProcessConfiguration {
  host: string;
  port: number;
  /** proxies before the API, whose word about the caller's address is taken */
  trustProxy: number;
  /** how long a stopped API goes on answering, not ready, before it lets go */
  drainSeconds: number;
  tokens: TokenSource;
  tracing: TracingConfiguration | null;
}

/** Issuer of the tokens that `threefold token` prints. */
export const ownIssuer = 'threefold';
export const ownAudience = 'threefold';
export const ownAlgorithm = 'EdDSA';

export const api = z.object({
  ...core.shape,
  ...processes.shape,
  ...tracing.shape,
  ...listening.shape,
  THREEFOLD_TOKEN_KEY_FILE: text.optional().describe('a PEM file with the Ed25519 key whose tokens are taken, where THREEFOLD_OIDC_ISSUER is not set'),
  THREEFOLD_OIDC_ISSUER: z.url().optional().describe('the URL of the OIDC issuer whose tokens are taken'),
  THREEFOLD_OIDC_ALGORITHM: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']).default('RS256').describe('the one algorithm that the issuer signs with: RS256, PS256, ES256 or EdDSA'),
  THREEFOLD_TOKEN_AUDIENCE: text.default(ownAudience).describe('the audience that tokens are for'),
  THREEFOLD_DRAIN_SECONDS: whole(0, 600).default(0)
    .describe('how many seconds a stopped API goes on answering, with /readyz at 503, before it lets go, from 0 to 600'),
  THREEFOLD_TRUST_PROXY: whole(0, 9).default(0).describe('how many proxies stand before the API, from 0 to 9'),
});

/** Configuration of the API process. Throws `Exit` 2 naming what is missing or wrong. */
export function readApiConfiguration(env: Environment): ApiConfiguration {
  const read = parse(api, env);
  return {
    ...coreOf(read, env),
    ...processOf(read),
    host: read.HOST,
    port: read.PORT,
    trustProxy: read.THREEFOLD_TRUST_PROXY,
    drainSeconds: read.THREEFOLD_DRAIN_SECONDS,
    tokens: tokenSource(read),
    tracing: tracingOf(read),
  };
}

function tokenSource(read: z.infer<typeof api>): TokenSource {
  const audience = read.THREEFOLD_TOKEN_AUDIENCE;
  if (read.THREEFOLD_OIDC_ISSUER !== undefined) return { kind: 'oidc', issuer: read.THREEFOLD_OIDC_ISSUER, audience, algorithm: read.THREEFOLD_OIDC_ALGORITHM };
  if (read.THREEFOLD_TOKEN_KEY_FILE === undefined) throw wrong(api, 'THREEFOLD_TOKEN_KEY_FILE', 'is not set');
  return { kind: 'key', publicKey: readPublicKey(read.THREEFOLD_TOKEN_KEY_FILE), issuer: ownIssuer, audience };
}
