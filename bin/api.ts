import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import pino, { type Logger } from 'pino';
import { createTokenVerifier, type TokenVerifier } from '../api/access/tokens.js';
import { createApi } from '../api/create.js';
import { createEngine } from '../engine/create.js';
import { createSweeper } from '../engine/sweeper.js';
import { BUNDLE } from './bundle.js';
import { ownAlgorithm, readApiConfiguration, type Environment, type TokenSource } from './configuration.js';
import { openParts, type Parts } from './parts.js';
import { untilStopped } from './untilStopped.js';
import { version } from './version.js';

/** Runs the API process until it is told to stop. Throws `Exit` 2 when the environment is not right. */
export async function runApi(env: Environment): Promise<void> {
  const configuration = readApiConfiguration(env);
  const stopped = untilStopped();
  const log = pino({ name: 'api' });
  const parts = openParts({ ...configuration, bundle: BUNDLE, log });
  const running = await startApi(parts, { ...configuration, tokens: await verifierOf(configuration.tokens) }, log);
  log.info({ port: running.port }, 'api is listening');
  await stopped;
  await running.stop();
  await parts.close();
}

export interface RunningApi {
  /** the port it listens on, also when any free one was asked for */
  port: number;
  /** takes no new requests, and waits for those under way */
  stop(): Promise<void>;
}

/** The API over its parts, listening. */
export async function startApi(
  parts: Parts,
  { host, port, tokens, trustProxy = 0 }: { host: string; port: number; tokens: TokenVerifier; trustProxy?: number },
  log: Logger,
): Promise<RunningApi> {
  const sweeper = createSweeper(parts, {
    everyMs: null,
    onFailure: (intent) => {
      log.warn({ intent: intent?.id }, 'intent left to the sweepers');
    },
  });
  const app = createApi({
    ...parts,
    tokens,
    trustProxy,
    log,
    engine: createEngine(parts, sweeper),
    probeEngine: () => parts.client.withDeadline(Date.now() + PROBE_MS, () => parts.client.workflowService.getSystemInfo({})),
    info: { version },
  });
  const server = createServer(app);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: portOf(server),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      await sweeper.stop();
    },
  };
}

const PROBE_MS = 1000;

/** Who signs the tokens: a key of one's own, or an OIDC issuer whose keys are fetched as it publishes them. */
async function verifierOf(tokens: TokenSource): Promise<TokenVerifier> {
  const { issuer, audience } = tokens;
  if (tokens.kind === 'key') return createTokenVerifier({ key: tokens.publicKey, issuer, audience, algorithm: ownAlgorithm });
  return createTokenVerifier({ key: await issuerKeys(issuer), issuer, audience, algorithm: tokens.algorithm });
}

async function issuerKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const answer = await fetch(new URL('.well-known/openid-configuration', issuer.endsWith('/') ? issuer : `${issuer}/`));
  const found: unknown = await answer.json();
  const uri: unknown = typeof found === 'object' && found !== null && 'jwks_uri' in found ? found.jwks_uri : undefined;
  if (typeof uri !== 'string') throw new Error('the OIDC issuer publishes no jwks_uri');
  return createRemoteJWKSet(new URL(uri));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
