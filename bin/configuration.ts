import type { KeyObject } from 'node:crypto';
import { homedir, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { wrongUse } from './exit.js';
import { readMasterKey, readPrivateKey, readPublicKey } from './keys.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `threefold start` and the commands that talk to an embedded set-up need. Nothing is required. */
export interface Settings {
  /** absolute path of THREEFOLD_DATA */
  dataDir: string;
  /** 0: any free port */
  port: number;
  host: string;
  cacheDir: string;
  /** a Temporal CLI of one's own, or null: look for one */
  temporalExecutable: string | null;
}

/** Who signs the tokens the API takes: a key of one's own, or an OIDC issuer. */
export type TokenSource =
  | { kind: 'key'; publicKey: KeyObject; issuer: string; audience: string }
  | { kind: 'oidc'; issuer: string; audience: string; algorithm: string };

/** What the worker process needs. */
export interface WorkerConfiguration {
  databaseUrl: string;
  temporal: { address: string; namespace: string };
  /** wraps the vault's keys */
  masterKey: Buffer;
  /** Ed25519, signs commands */
  commandKey: KeyObject;
}

/** What the API process needs. */
export interface ApiConfiguration extends WorkerConfiguration {
  host: string;
  port: number;
  /** proxies before the API, whose word about the caller's address is taken */
  trustProxy: number;
  tokens: TokenSource;
}

/** Issuer of the tokens that `threefold token` prints. */
export const ownIssuer = 'threefold';
export const ownAudience = 'threefold';
export const ownAlgorithm = 'EdDSA';

const port = z.string().regex(/^\d{1,5}$/).transform(Number).pipe(z.number().max(65535));

const settings = z.object({
  THREEFOLD_DATA: z.string().min(1).default('.data'),
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  THREEFOLD_TEMPORAL: z.string().min(1).optional(),
  XDG_CACHE_HOME: z.string().min(1).optional(),
});

const worker = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  TEMPORAL_ADDRESS: z.string().regex(/^[^\s/:]+:\d{1,5}$/),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  THREEFOLD_MASTER_KEY_FILE: z.string().min(1),
  THREEFOLD_COMMAND_KEY_FILE: z.string().min(1),
});

const api = worker.extend({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  THREEFOLD_TOKEN_KEY_FILE: z.string().min(1).optional(),
  THREEFOLD_OIDC_ISSUER: z.url().optional(),
  THREEFOLD_OIDC_ALGORITHM: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']).default('RS256'),
  THREEFOLD_TOKEN_AUDIENCE: z.string().min(1).default(ownAudience),
  THREEFOLD_TRUST_PROXY: z.string().regex(/^\d$/).transform(Number).default(0),
});

const meaning: Record<string, string> = {
  PORT: 'a port from 0 to 65535; 0 takes any free one',
  HOST: 'the address to listen on',
  THREEFOLD_DATA: 'the folder of the data',
  DATABASE_URL: 'the address of the database, postgres://user:password@host:port/name',
  TEMPORAL_ADDRESS: 'the address of the Temporal server, host:port',
  TEMPORAL_NAMESPACE: 'the Temporal namespace',
  THREEFOLD_MASTER_KEY_FILE: 'a file with 32 random bytes in base64, which wraps the keys of the vault',
  THREEFOLD_COMMAND_KEY_FILE: 'a PEM file with the Ed25519 private key that signs commands',
  THREEFOLD_TOKEN_KEY_FILE: 'a PEM file with the Ed25519 key whose tokens are taken, where THREEFOLD_OIDC_ISSUER is not set',
  THREEFOLD_OIDC_ISSUER: 'the URL of the OIDC issuer whose tokens are taken',
  THREEFOLD_TRUST_PROXY: 'how many proxies stand before the API, from 0 to 9',
  THREEFOLD_OIDC_ALGORITHM: 'the one algorithm that the issuer signs with: RS256, PS256, ES256 or EdDSA',
};

/** Settings of the embedded set-up. Throws `Exit` 2 with one line naming the variable that is wrong. */
export function readSettings(env: Environment): Settings {
  const read = parse(settings, env);
  return {
    dataDir: resolve(read.THREEFOLD_DATA),
    port: read.PORT,
    host: read.HOST,
    cacheDir: cacheDir(read.XDG_CACHE_HOME),
    temporalExecutable: read.THREEFOLD_TEMPORAL ?? null,
  };
}

/** Configuration of the worker process. Throws `Exit` 2 naming what is missing or wrong. */
export function readWorkerConfiguration(env: Environment): WorkerConfiguration {
  return workerConfiguration(parse(worker, env));
}

/** Configuration of the API process. Throws `Exit` 2 naming what is missing or wrong. */
export function readApiConfiguration(env: Environment): ApiConfiguration {
  const read = parse(api, env);
  const { HOST: host, PORT: port, THREEFOLD_TRUST_PROXY: trustProxy } = read;
  return { ...workerConfiguration(read), host, port, trustProxy, tokens: tokenSource(read) };
}

/** DATABASE_URL where it is set: commands that need only a database prefer it to the embedded one. */
export function databaseUrlOf(env: Environment): string | null {
  return env['DATABASE_URL'] === undefined ? null : parse(worker.pick({ DATABASE_URL: true }), env).DATABASE_URL;
}

function workerConfiguration(read: z.infer<typeof worker>): WorkerConfiguration {
  return {
    databaseUrl: read.DATABASE_URL,
    temporal: { address: read.TEMPORAL_ADDRESS, namespace: read.TEMPORAL_NAMESPACE },
    masterKey: readMasterKey(read.THREEFOLD_MASTER_KEY_FILE),
    commandKey: readPrivateKey(read.THREEFOLD_COMMAND_KEY_FILE),
  };
}

function tokenSource(read: z.infer<typeof api>): TokenSource {
  const audience = read.THREEFOLD_TOKEN_AUDIENCE;
  if (read.THREEFOLD_OIDC_ISSUER !== undefined) return { kind: 'oidc', issuer: read.THREEFOLD_OIDC_ISSUER, audience, algorithm: read.THREEFOLD_OIDC_ALGORITHM };
  if (read.THREEFOLD_TOKEN_KEY_FILE === undefined) throw wrongUse(sentence('THREEFOLD_TOKEN_KEY_FILE', true));
  return { kind: 'key', publicKey: readPublicKey(read.THREEFOLD_TOKEN_KEY_FILE), issuer: ownIssuer, audience };
}

function parse<S extends z.ZodType>(schema: S, env: Environment): z.infer<S> {
  const read = schema.safeParse(env);
  if (read.success) return read.data;
  const name = String(read.error.issues[0]?.path[0] ?? '');
  throw wrongUse(sentence(name, env[name] === undefined));
}

function sentence(name: string, missing: boolean): string {
  return `${name} ${missing ? 'is not set' : 'is not valid'}: it is ${meaning[name] ?? 'needed'}.`;
}

function cacheDir(xdg: string | undefined): string {
  const base = xdg ?? (platform() === 'darwin' ? join(homedir(), 'Library/Caches') : join(homedir(), '.cache'));
  return join(base, 'threefold');
}
