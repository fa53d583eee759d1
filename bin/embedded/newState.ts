import { isIPv6 } from 'node:net';
import type { Settings } from '../configuration.js';
import { errorCode, wrongUse } from '../exit.js';
import { readSecret, type KeyFiles } from '../keys.js';
import { ownIdentity } from './identity.js';
import { freePort, isFree } from './ports.js';
import type { Ports, State } from './state.js';

/** Name of the database, of its user and of the Temporal namespace of an embedded set-up. */
export const NAME = 'threefold';

/** The state of a set-up that is about to start. Throws `Exit` 2 where the port wanted for the API is taken. */
export async function newState(settings: Settings, before: State | null, keys: KeyFiles): Promise<State> {
  const ports = await choosePorts(settings, before?.ports ?? null);
  const at = (port: number): string => `127.0.0.1:${String(port)}`;
  return {
    parent: ownIdentity(),
    ready: false,
    ports,
    processes: {},
    api: `http://${reachedAt(settings.host)}:${String(ports.api)}`,
    ui: `http://${at(ports.ui)}`,
    databaseUrl: `postgres://${NAME}:${readSecret(keys.databasePassword)}@${at(ports.postgres)}/${NAME}`,
    temporalAddress: at(ports.temporal),
    temporalNamespace: NAME,
  };
}

/** The host of a URL that leads to what listens there. */
function reachedAt(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}

/** The ports of the last time where they are free, so that addresses somebody noted down go on being true. */
async function choosePorts(settings: Settings, before: Ports | null): Promise<Ports> {
  const free = settings.port === 0 || (await isFree(settings.port, settings.host).catch((error: unknown) => {
    throw wrongUse(`Nothing can listen at ${settings.host}, port ${String(settings.port)} (${errorCode(error) ?? 'error'}): set HOST and PORT to others.`);
  }));
  if (!free) throw wrongUse(`Port ${String(settings.port)} is in use: stop what listens there, or set PORT to another one.`);
  return {
    api: settings.port === 0 ? await freePort(before?.api, settings.host) : settings.port,
    postgres: await freePort(before?.postgres),
    temporal: await freePort(before?.temporal),
    ui: await freePort(before?.ui),
  };
}
