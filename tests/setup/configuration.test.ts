import { readFileSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readApiConfiguration, readSettings, readWorkerConfiguration, temporalIfSet, temporalOf, variables, type Environment } from '../../bin/configuration.js';
import { Exit } from '../../bin/exit.js';
import { ensureKeys } from '../../bin/keys.js';
import { connectionOptions } from '../../bin/temporal.js';
import { freshFolder } from '../harness/threefold.js';

const example = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');

describe('.env.example', () => {
  it('names exactly the variables that are read', () => {
    const named = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name.replace(/^(TEMPORAL_GRPC_META_).*/, '$1*'));
    expect([...named].sort()).toEqual([...variables].sort());
  });

  it('gives the defaults that hold', () => {
    const given = Object.fromEntries([...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value]));
    const bare = readWorkerConfiguration(environment());
    expect(given).toMatchObject({
      THREEFOLD_POOL_SIZE: String(bare.poolSize), THREEFOLD_CACHED_WORKFLOWS: String(bare.cachedWorkflows), LOG_LEVEL: bare.logLevel,
      THREEFOLD_SHUTDOWN_GRACE_SECONDS: String(bare.graceSeconds), TEMPORAL_NAMESPACE: bare.temporal.namespace,
    });
    const api = readApiConfiguration(environment());
    expect(given).toMatchObject({ PORT: String(api.port), HOST: api.host, THREEFOLD_TRUST_PROXY: String(api.trustProxy), THREEFOLD_DRAIN_SECONDS: String(api.drainSeconds), THREEFOLD_TOKEN_AUDIENCE: api.tokens.audience });
  });
});

let folder: string;
beforeAll(() => {
  folder = freshFolder();
});

/** What an API or a worker needs at least, without the profile file of whoever runs the tests. */
function environment(more: Record<string, string | undefined> = {}): Environment {
  const keys = ensureKeys(folder);
  return {
    DATABASE_URL: 'postgres://a:b@127.0.0.1:5432/c', TEMPORAL_ADDRESS: '127.0.0.1:7233', TEMPORAL_CONFIG_FILE: devNull,
    THREEFOLD_MASTER_KEY_FILE: keys.master, THREEFOLD_COMMAND_KEY_FILE: keys.command, THREEFOLD_TOKEN_KEY_FILE: keys.token, ...more,
  };
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a variable that is missing or wrong ends with exit code 2 and one sentence that names it', () => {
  it.each([
    ['DATABASE_URL', undefined, /^DATABASE_URL is not set: it is the address of the database/],
    ['DATABASE_URL', '', /^DATABASE_URL is not set/],
    ['DATABASE_URL', 'mysql://x/y', /^DATABASE_URL is not valid/],
    ['DATABASE_URL', 'postgres://x/y?sslrootcert=/nowhere/ca.pem', /^DATABASE_URL is not valid: its sslrootcert \/nowhere\/ca.pem cannot be read/],
    ['TEMPORAL_ADDRESS', undefined, /^TEMPORAL_ADDRESS is not set: it is the address of the Temporal server, host:port/],
    ['TEMPORAL_ADDRESS', 'https://x:7233', /^TEMPORAL_ADDRESS is not valid/],
    ['TEMPORAL_PROFILE', 'none', /^The Temporal profile none cannot be used: Profile 'none' not found/],
    ['TEMPORAL_CONFIG_FILE', '/nowhere/temporal.toml', /^TEMPORAL_CONFIG_FILE is not valid: \/nowhere\/temporal.toml cannot be read \(ENOENT\)/],
    ['TEMPORAL_TLS', 'yes', /^TEMPORAL_TLS is not valid: it is true or false/],
    ['TEMPORAL_TLS_SERVER_CA_CERT_PATH', '/nowhere/ca.pem', /^TEMPORAL_TLS_SERVER_CA_CERT_PATH is not valid: \/nowhere\/ca.pem cannot be read \(ENOENT\)/],
    ['TEMPORAL_TLS_SERVER_CA_CERT_DATA', 'no pem', /^The authority of the Temporal server .* is not in PEM form/],
    ['TEMPORAL_TLS_CLIENT_CERT_DATA', 'half', /^TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH go together/],
    ['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION', 'true', /^TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not valid: it is false/],
    ['THREEFOLD_MASTER_KEY_FILE', undefined, /^THREEFOLD_MASTER_KEY_FILE is not set/],
    ['THREEFOLD_COMMAND_KEY_FILE', '/nowhere/key.pem', /^\/nowhere\/key.pem cannot be read \(ENOENT\)/],
    ['THREEFOLD_POOL_SIZE', '0', /^THREEFOLD_POOL_SIZE is not valid/],
    ['THREEFOLD_SHUTDOWN_GRACE_SECONDS', 'long', /^THREEFOLD_SHUTDOWN_GRACE_SECONDS is not valid/],
    ['THREEFOLD_CACHED_WORKFLOWS', '-1', /^THREEFOLD_CACHED_WORKFLOWS is not valid/],
    ['THREEFOLD_WORKER_PORT', '70000', /^THREEFOLD_WORKER_PORT is not valid/],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL is not valid/],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317', /^OTEL_EXPORTER_OTLP_ENDPOINT is not valid/],
    ['THREEFOLD_SMTP_URL', 'smtp://mail:25', /^THREEFOLD_MAIL_FROM is not set/],
    ['THREEFOLD_NOTICES_URL', 'https://gateway/x', /^THREEFOLD_NOTICES_SECRET_FILE is not set/],
    ['THREEFOLD_PUBLIC_URL', 'example.com', /^THREEFOLD_PUBLIC_URL is not valid/],
  ])('worker: %s = %s', (name, value, sentence) => {
    expectExit(() => readWorkerConfiguration(environment({ [name]: value })), sentence);
  });

  it.each([
    ['PORT', '70000', /^PORT is not valid/],
    ['THREEFOLD_TOKEN_KEY_FILE', undefined, /^THREEFOLD_TOKEN_KEY_FILE is not set/],
    ['THREEFOLD_OIDC_ISSUER', 'login', /^THREEFOLD_OIDC_ISSUER is not valid/],
    ['THREEFOLD_OIDC_ALGORITHM', 'HS256', /^THREEFOLD_OIDC_ALGORITHM is not valid/],
    ['THREEFOLD_TRUST_PROXY', 'all', /^THREEFOLD_TRUST_PROXY is not valid/],
    ['THREEFOLD_DRAIN_SECONDS', '1.5', /^THREEFOLD_DRAIN_SECONDS is not valid/],
  ])('API: %s = %s', (name, value, sentence) => {
    expectExit(() => readApiConfiguration(environment({ [name]: value })), sentence);
  });

  it.each(['not base64, but words', 'whsec_', 'c2V-cmV0'])('of a secret that cannot sign: %s', (secret) => {
    const notices = { THREEFOLD_NOTICES_URL: 'https://gateway/x', THREEFOLD_NOTICES_SECRET_FILE: file('plain.key', secret) };
    expectExit(() => readWorkerConfiguration(environment(notices)), /^THREEFOLD_NOTICES_SECRET_FILE is not valid: it is a file with the secret/);
  });

  it('of a profile file that is none', () => {
    expectExit(() => temporalOf(environment({ TEMPORAL_CONFIG_FILE: file('broken.toml', '[profile') })), /^The Temporal profile cannot be used: /);
    const odd = file('odd.toml', '[profile.default]\naddress = "https://x"\n');
    expectExit(() => temporalOf(environment({ TEMPORAL_ADDRESS: undefined, TEMPORAL_CONFIG_FILE: odd })), /^The address https:\/\/x of the Temporal profile is not valid/);
  });

  function expectExit(read: () => unknown, sentence: RegExp): void {
    let thrown: unknown = null;
    try {
      read();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Exit);
    expect(thrown).toMatchObject({ code: 2, message: expect.stringMatching(/^[^\n]+\.$/) });
    expect((thrown as Exit).message).toMatch(sentence);
  }
});

describe('where the Temporal server is', () => {
  it('is said by a profile too, and a variable wins over it', () => {
    const profiles = file('temporal.toml', `
      [profile.default]
      address = "default.example.com:7233"
      [profile.cloud]
      address = "cloud.example.com:7233"
      namespace = "care.a1b2c"
      api_key = "secret"
      [profile.cloud.grpc_meta]
      x-team = "care"`);
    const of = (more: Record<string, string | undefined>) => temporalIfSet({ TEMPORAL_CONFIG_FILE: profiles, ...more });
    expect(of({})).toEqual({ address: 'default.example.com:7233', namespace: 'default' });
    expect(of({ TEMPORAL_PROFILE: 'cloud' })).toEqual({ address: 'cloud.example.com:7233', namespace: 'care.a1b2c', apiKey: 'secret', tls: true, metadata: { 'x-team': 'care' } });
    expect(of({ TEMPORAL_PROFILE: 'cloud', TEMPORAL_NAMESPACE: 'other', TEMPORAL_TLS: 'false' })).toMatchObject({ address: 'cloud.example.com:7233', namespace: 'other' });
    expect(temporalIfSet({ TEMPORAL_CONFIG_FILE: devNull })).toBeNull();
  });

  it('is handed on to client and worker with TLS, key and headers', () => {
    const place = temporalOf({ TEMPORAL_CONFIG_FILE: devNull, TEMPORAL_ADDRESS: '[::1]:7233', TEMPORAL_API_KEY: 'secret', TEMPORAL_TLS_SERVER_NAME: 'temporal', TEMPORAL_GRPC_META_X_TEAM: 'care' });
    expect(connectionOptions(place)).toMatchObject({ address: '[::1]:7233', apiKey: 'secret', tls: { serverNameOverride: 'temporal' }, metadata: { 'x-team': 'care' } });
  });
});

describe('what may be left out', () => {
  it('is empty as well as not there', () => {
    expect(readSettings({ PORT: '', THREEFOLD_DATA: '' })).toMatchObject({ port: 3000 });
    const bare = readWorkerConfiguration(environment({ THREEFOLD_SMTP_URL: '', THREEFOLD_WORKER_PORT: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' }));
    expect(bare).toMatchObject({ health: null, tracing: null, transports: { mail: null, notices: null, publicUrl: null } });
  });

  it('is taken where it is there', () => {
    expect(readWorkerConfiguration(environment({
      THREEFOLD_SMTP_URL: 'smtps://u:p@mail:465', THREEFOLD_MAIL_FROM: 'Care <care@example.com>', THREEFOLD_NOTICES_URL: 'https://gateway/x',
      THREEFOLD_NOTICES_SECRET_FILE: file('notices.key', 'whsec_c2VjcmV0\n'), THREEFOLD_WORKER_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
    }))).toMatchObject({
      health: { port: 0 }, tracing: { endpoint: 'http://collector:4318/v1/traces', service: null },
      transports: { mail: { url: 'smtps://u:p@mail:465' }, notices: { url: 'https://gateway/x', secret: 'whsec_c2VjcmV0' } },
    });
  });
});
