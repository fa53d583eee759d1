import { databaseUrlOf, readCoreConfiguration, readSettings, type CoreConfiguration, type Environment } from '../configuration.js';
import { layoutOf } from '../embedded/layout.js';
import { readRunning, type State } from '../embedded/state.js';
import { failed } from '../exit.js';
import { keyFilesOf, readMasterKey, readPrivateKey } from '../keys.js';

/** The embedded set-up that runs on THREEFOLD_DATA. Throws `Exit` 1 when none does, or it is still on its way up. */
export function running(env: Environment): State {
  const { dataDir } = readSettings(env);
  const state = readRunning(layoutOf(dataDir).state);
  if (!state) throw failed(`Threefold does not run on ${dataDir}: run "npm start", or set THREEFOLD_DATA to the folder it runs on.`);
  if (!state.ready) throw failed(`Threefold on ${dataDir} is still starting.`);
  return state;
}

/** DATABASE_URL where it is set, else the database of the running embedded set-up. */
export function databaseUrl(env: Environment): string {
  return databaseUrlOf(env) ?? running(env).databaseUrl;
}

/** What works on cases is configured by this: by the environment where DATABASE_URL is set, else as the running embedded set-up is. */
export function runningConfiguration(env: Environment): CoreConfiguration {
  if (databaseUrlOf(env) !== null) return readCoreConfiguration(env);
  const { databaseUrl, temporalAddress, temporalNamespace } = running(env);
  const keys = keyFilesOf(readSettings(env).dataDir);
  return {
    databaseUrl,
    temporal: { address: temporalAddress, namespace: temporalNamespace },
    masterKey: readMasterKey(keys.master),
    commandKey: readPrivateKey(keys.command),
  };
}
