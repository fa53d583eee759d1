import {
  databaseUrlOf, readApiConfiguration, readSettings, readWorkerConfiguration, temporalOf,
  type Environment, type TokenSource, type TracingConfiguration, type TransportConfiguration,
} from '../configuration.js';
import { isSet } from '../configuration/environment.js';
import { running } from '../commands/running.js';
import { Exit } from '../exit.js';
import { keyFilesOf } from '../keys.js';
import type { TemporalPlace } from '../temporal.js';
import { ok, wrong, type Finding } from './finding.js';

/** A set-up as far as its environment tells it; what could not be read is null, and among the findings. */
export interface Examined {
  databaseUrl: string | null;
  temporal: TemporalPlace | null;
  /** files of keys, by what they are for */
  keys: { what: 'master key' | 'command key' | 'token key'; path: string }[];
  tokens: TokenSource | null;
  poolSize: number;
  transports: TransportConfiguration | null;
  tracing: TracingConfiguration | null;
  findings: Finding[];
}

const nothing = { databaseUrl: null, temporal: null, tokens: null, poolSize: 10, transports: null, tracing: null };

/** Of the processes of one's own where the environment names their database or engine, else of the running embedded set-up. */
export function examined(env: Environment, wanted: readonly Role[]): Examined {
  const own = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE'].some((name) => isSet(env, name));
  return own ? ownSetUp(env, wanted) : embedded(env);
}

export const roles = ['api', 'worker'] as const;
export type Role = (typeof roles)[number];

function ownSetUp(env: Environment, wanted: readonly Role[]): Examined {
  const findings: Finding[] = [];
  const taken = <T>(check: string, read: () => T): T | null => {
    const outcome = attempt(read);
    if ('error' in outcome) {
      if (!findings.some(({ told }) => told === outcome.error)) findings.push(wrong(check, outcome.error, 'set it as .env.example says'));
      return null;
    }
    return outcome.value;
  };
  const worker = wanted.includes('worker') ? taken('environment of a worker', () => readWorkerConfiguration(env)) : null;
  const api = wanted.includes('api') ? taken('environment of an API', () => readApiConfiguration(env)) : null;
  const read = worker ?? api;
  if (findings.length === 0) findings.push(ok('environment', `parses, for ${wanted.join(' and ')}`));
  return {
    databaseUrl: read?.databaseUrl ?? taken('environment', () => databaseUrlOf(env)),
    temporal: read?.temporal ?? taken('environment', () => temporalOf(env)),
    keys: [
      ...keyAt('master key', env['THREEFOLD_MASTER_KEY_FILE']),
      ...keyAt('command key', env['THREEFOLD_COMMAND_KEY_FILE']),
      ...(isSet(env, 'THREEFOLD_OIDC_ISSUER') ? [] : keyAt('token key', env['THREEFOLD_TOKEN_KEY_FILE'])),
    ],
    tokens: api?.tokens ?? null,
    poolSize: read?.poolSize ?? nothing.poolSize,
    transports: worker?.transports ?? null,
    tracing: read?.tracing ?? null,
    findings,
  };
}

function keyAt(what: Examined['keys'][number]['what'], path: string | undefined): Examined['keys'] {
  return path === undefined || path === '' ? [] : [{ what, path }];
}

function embedded(env: Environment): Examined {
  const state = attempt(() => running(env));
  if ('error' in state) {
    const todo = 'run "npm start"; or set DATABASE_URL, TEMPORAL_ADDRESS and what else .env.example names';
    return { ...nothing, keys: [], findings: [wrong('environment', state.error, todo)] };
  }
  const { databaseUrl, temporalAddress: address, temporalNamespace: namespace, api } = state.value;
  const files = keyFilesOf(readSettings(env).dataDir);
  return {
    ...nothing,
    databaseUrl,
    temporal: { address, namespace },
    keys: [{ what: 'master key', path: files.master }, { what: 'command key', path: files.command }, { what: 'token key', path: files.token }],
    findings: [ok('environment', `the embedded set-up that answers at ${api}`)],
  };
}

function attempt<T>(read: () => T): { value: T } | { error: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { error: error.message.replace(/\.$/, '') };
  }
}
