import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { z } from 'zod';
import { createAuthenticate } from '../../api/access/authenticate.js';
import { createTokenVerifier } from '../../api/access/tokens.js';
import { createApi } from '../../api/create.js';
import { mount } from '../../api/http/mount.js';
import type { Route } from '../../api/http/route.js';
import { serverOf } from '../../api/http/server.js';
import { problems } from '../../api/problem/middleware.js';
import type { Audit } from '../../audit/audit.js';
import type { Engine } from '../../engine/engine.js';
import { EngineAway } from '../../engine/failure.js';
import { openDatabase } from '../../prisma/database.js';
import { openVault } from '../../prisma/vault.js';

export const { publicKey, privateKey } = generateKeyPairSync('ed25519');
export const rules = { key: publicKey, issuer: 'threefold', audience: 'threefold' };
export const silent = pino({ level: 'silent' });

export function token(claims: Record<string, unknown>, { key = privateKey, issuer = rules.issuer, audience = rules.audience, expires = '5m' }: {
  key?: KeyObject; issuer?: string; audience?: string; expires?: string;
} = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA' }).setIssuer(issuer).setAudience(audience).setIssuedAt().setExpirationTime(expires).sign(key);
}

const away = () => Promise.reject(new EngineAway('away'));
/** An engine that nobody reaches. */
export const engineAway: Engine = { command: away, intake: away, openInvestigation: away, escalate: away };
/** Nothing to audit. */
export const noAudit: Audit = { history: () => Promise.resolve(null), look: () => Promise.resolve({ finding: null, final: true }), replay: () => Promise.resolve(null) };

/** The whole API over a database and an engine that are both away: what it does before it needs either. */
export function apiAlone(log = silent): { app: Express; close: () => Promise<void> } {
  const database = openDatabase({ url: 'postgresql://nobody@127.0.0.1:1/none', timeoutMs: 500 });
  const vault = openVault({ database, masterKey: randomBytes(32) });
  const app = createApi({
    database, vault, engine: engineAway, probeEngine: away, audit: noAudit, tokens: createTokenVerifier(rules), log, info: { version: '0.0.0' },
  });
  return { app, close: () => database.close() };
}

/** Some routes, with real tokens and nothing behind them. */
export function appOf(routes: Route[], tokens = createTokenVerifier(rules)): Express {
  const app = express();
  mount(app, routes, createAuthenticate({
    tokens, seen: ({ sub }) => Promise.resolve(sub), isDepartment: () => Promise.resolve(true),
    channelOf: (secret) => Promise.resolve(secret === 'tfk_good' ? 'channel-1' : null),
  }));
  app.use(problems(silent));
  return app;
}

/** The JSON object of an answer. */
export async function objectOf(response: { json(): Promise<unknown> }): Promise<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(await response.json());
}

/** Listens on a free port; answers its address and how to stop. */
export async function listening(app: Express): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = serverOf(app).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise((done, fail) => {
      server.close((error) => (error ? fail(error) : done()));
      server.closeAllConnections();
    }),
  };
}
