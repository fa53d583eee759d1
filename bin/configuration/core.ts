import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { wrongUse } from '../exit.js';
import { readMasterKey, readPrivateKey } from '../keys.js';
import type { TemporalPlace } from '../temporal.js';
import { isSet, parse, text, type Environment } from './environment.js';
import { temporalOf } from './temporal.js';

/** What whatever works on cases needs: API, worker, replays. */
export interface CoreConfiguration {
  databaseUrl: string;
  temporal: TemporalPlace;
  /** wraps the vault's keys */
  masterKey: Buffer;
  /** Ed25519, signs commands */
  commandKey: KeyObject;
}

export const core = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('the address of the database, postgres://user:password@host:port/name'),
  THREEFOLD_MASTER_KEY_FILE: text.describe('a file with 32 random bytes in base64, which wraps the keys of the vault'),
  THREEFOLD_COMMAND_KEY_FILE: text.describe('a PEM file with the Ed25519 private key that signs commands'),
});

/** Throws `Exit` 2 naming what is missing or wrong. */
export function readCoreConfiguration(env: Environment): CoreConfiguration {
  return coreOf(parse(core, env), env);
}

export function coreOf(read: z.infer<typeof core>, env: Environment): CoreConfiguration {
  checkFiles(read.DATABASE_URL);
  return {
    databaseUrl: read.DATABASE_URL,
    temporal: temporalOf(env),
    masterKey: readMasterKey(read.THREEFOLD_MASTER_KEY_FILE),
    commandKey: readPrivateKey(read.THREEFOLD_COMMAND_KEY_FILE),
  };
}

/** DATABASE_URL where it is set: commands that need only a database prefer it to the embedded one. */
export function databaseUrlOf(env: Environment): string | null {
  if (!isSet(env, 'DATABASE_URL')) return null;
  const { DATABASE_URL: url } = parse(core.pick({ DATABASE_URL: true }), env);
  checkFiles(url);
  return url;
}

/** What the address of a database names beside it: the driver reads these when it connects. */
function checkFiles(url: string): void {
  const { searchParams } = new URL(url);
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const path = searchParams.get(name);
    if (path !== null && !existsSync(path)) throw wrongUse(`DATABASE_URL is not valid: its ${name} ${path} cannot be read.`);
  }
}
