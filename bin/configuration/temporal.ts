import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { errorCode, wrongUse } from '../exit.js';
import type { TemporalPlace } from '../temporal.js';
import { isSet, parse, text, wrong, type Environment } from './environment.js';

const flag = z.enum(['true', 'false', '1', '0']);

/** Temporal's own variables, as its CLI and SDKs read them; a profile file may say the same. */
export const temporal = z.object({
  TEMPORAL_ADDRESS: z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[^\s/:]+):\d{1,5}$/).optional().describe('the address of the Temporal server, host:port'),
  TEMPORAL_NAMESPACE: text.optional().describe('the Temporal namespace'),
  TEMPORAL_API_KEY: text.optional().describe('the API key of the Temporal server'),
  TEMPORAL_PROFILE: text.optional().describe('the name of a profile in Temporal\'s configuration file'),
  TEMPORAL_CONFIG_FILE: text.optional().describe('the path of Temporal\'s configuration file'),
  TEMPORAL_TLS: flag.optional().describe('true or false: whether the Temporal server is reached over TLS'),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: text.optional().describe('a PEM file with the authority that signed the Temporal server\'s certificate'),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: text.optional().describe('the authority that signed the Temporal server\'s certificate, in PEM'),
  TEMPORAL_TLS_SERVER_NAME: text.optional().describe('the name that the Temporal server\'s certificate is for'),
  TEMPORAL_TLS_CLIENT_CERT_PATH: text.optional().describe('a PEM file with the certificate that is shown to the Temporal server'),
  TEMPORAL_TLS_CLIENT_CERT_DATA: text.optional().describe('the certificate that is shown to the Temporal server, in PEM'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: text.optional().describe('a PEM file with the private key of that certificate'),
  TEMPORAL_TLS_CLIENT_KEY_DATA: text.optional().describe('the private key of that certificate, in PEM'),
  TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: z.enum(['false', '0']).optional()
    .describe('false: the Temporal server\'s certificate is always verified; name who signed it by TEMPORAL_TLS_SERVER_CA_CERT_PATH'),
});

/** Variables that begin so become headers of every call to the Temporal server. */
export const HEADER_PREFIX = 'TEMPORAL_GRPC_META_';

/** Where the system keeps the configuration file that is taken unless another is named. */
const placesOfFile = ['HOME', 'XDG_CONFIG_HOME', 'APPDATA'];

/** Where the Temporal server is, by its variables and profile. Throws `Exit` 2 naming what is missing or wrong. */
export function temporalOf(env: Environment): TemporalPlace {
  const place = temporalIfSet(env);
  if (!place) throw wrong(temporal, 'TEMPORAL_ADDRESS', 'is not set');
  return place;
}

/** The same, or null where neither the environment nor a profile names a server. */
export function temporalIfSet(env: Environment): TemporalPlace | null {
  const read = parse(temporal, env);
  const { connectionOptions, namespace = 'default' } = load(read, env);
  const { address, tls, apiKey, metadata } = connectionOptions;
  if (address === undefined || address === '') return null;
  if (!temporal.shape.TEMPORAL_ADDRESS.safeParse(address).success) throw wrongUse(`The address ${address} of the Temporal profile is not valid: it is host:port.`);
  checkTls(read, tls);
  const headers = metadata && Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
  return { address, namespace, ...(tls ? { tls } : {}), ...(apiKey ? { apiKey } : {}), ...(headers ? { metadata: headers } : {}) };
}

function load(read: z.infer<typeof temporal>, env: Environment): ClientConnectConfig {
  const others = Object.keys(env).filter((name) => name.startsWith(HEADER_PREFIX) || placesOfFile.includes(name));
  const given = [...Object.keys(temporal.shape), ...others].flatMap((name) => (isSet(env, name) ? [[name, env[name]]] : []));
  const file = read.TEMPORAL_CONFIG_FILE === undefined ? null : textOf('TEMPORAL_CONFIG_FILE', read.TEMPORAL_CONFIG_FILE);
  for (const [name, path] of Object.entries(read)) if (name.endsWith('_PATH')) textOf(name, path);
  // an empty file is taken for one without profiles, which the reader of it is not ready for
  const source = file === null ? {} : { configSource: { data: file.trim() === '' ? '[profile]' : file } };
  try {
    return loadClientConnectConfig({ ...source, overrideEnvVars: z.record(z.string(), z.string()).parse(Object.fromEntries(given)) });
  } catch (error) {
    throw wrongUse(`The Temporal profile${nameOf(read)} cannot be used: ${lineOf(error)}.`);
  }
}

function textOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw wrongUse(`${name} is not valid: ${path} cannot be read (${errorCode(error) ?? 'error'}).`);
  }
}

/** What the SDK would leave out in silence, or fail on with a word of its own, once it connects. */
function checkTls(read: z.infer<typeof temporal>, tls: ClientConnectConfig['connectionOptions']['tls']): void {
  const has = (half: 'CERT' | 'KEY') => (read[`TEMPORAL_TLS_CLIENT_${half}_PATH`] ?? read[`TEMPORAL_TLS_CLIENT_${half}_DATA`]) !== undefined;
  if (typeof tls !== 'object' || tls === null) return;
  if (has('CERT') !== has('KEY') && !tls.clientCertPair) throw wrongUse('TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH go together: the certificate shown to the Temporal server, and its private key.');
  if (tls.serverRootCACertificate) isPem('The authority of the Temporal server (TEMPORAL_TLS_SERVER_CA_CERT_PATH)', tls.serverRootCACertificate, (pem) => new X509Certificate(pem));
  if (!tls.clientCertPair) return;
  isPem('The certificate for the Temporal server (TEMPORAL_TLS_CLIENT_CERT_PATH)', tls.clientCertPair.crt, (pem) => new X509Certificate(pem));
  isPem('The private key for the Temporal server (TEMPORAL_TLS_CLIENT_KEY_PATH)', tls.clientCertPair.key, (pem) => createPrivateKey(pem));
}

function isPem(what: string, content: Uint8Array, read: (pem: Buffer) => unknown): void {
  try {
    read(Buffer.from(content));
  } catch {
    throw wrongUse(`${what} is not in PEM form.`);
  }
}

function nameOf({ TEMPORAL_PROFILE: name }: z.infer<typeof temporal>): string {
  return name === undefined ? '' : ` ${name}`;
}

function lineOf(error: unknown): string {
  const line = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown error';
  return line.replace(/\.$/, '').slice(0, 200);
}
