import { devNull } from 'node:os';
import type { Environment, Settings } from '../configuration.js';
import { keyFilesOf } from '../keys.js';
import type { State } from './state.js';

/** What the worker and the API of an embedded set-up read: what the caller has set, and where its own database and engine are. */
export function processEnvironment(env: Environment, settings: Settings, state: State): Record<string, string | undefined> {
  const keys = keyFilesOf(settings.dataDir);
  return {
    ...withoutTemporal(env),
    THREEFOLD_DATA: settings.dataDir,
    DATABASE_URL: state.databaseUrl,
    TEMPORAL_ADDRESS: state.temporalAddress,
    TEMPORAL_NAMESPACE: state.temporalNamespace,
    // the user's own profile names another engine
    TEMPORAL_CONFIG_FILE: devNull,
    THREEFOLD_MASTER_KEY_FILE: keys.master,
    THREEFOLD_COMMAND_KEY_FILE: keys.command,
    THREEFOLD_TOKEN_KEY_FILE: keys.token,
    // nobody balances in front of it
    THREEFOLD_DRAIN_SECONDS: '0',
    HOST: settings.host,
    PORT: String(state.ports.api),
  };
}

/** Variables that say how another engine is reached are not for ours. */
function withoutTemporal(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
