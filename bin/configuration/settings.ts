import { homedir, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parse, port, text, type Environment } from './environment.js';
import { graceful } from './process.js';

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
  /** how long the processes may take for what is under way when they are stopped */
  graceSeconds: number;
}

export const listening = z.object({
  PORT: port.default(3000).describe('a port from 0 to 65535; 0 takes any free one'),
  HOST: text.default('127.0.0.1').describe('the address to listen on'),
});

export const embedded = z.object({
  ...listening.shape,
  ...graceful.pick({ THREEFOLD_SHUTDOWN_GRACE_SECONDS: true }).shape,
  THREEFOLD_DATA: text.default('.data').describe('the folder of the data'),
  THREEFOLD_TEMPORAL: text.optional().describe('a Temporal CLI of one\'s own'),
  XDG_CACHE_HOME: text.optional().describe('the folder under which a Temporal CLI is kept once it was had'),
});

/** Settings of the embedded set-up. Throws `Exit` 2 with one line naming the variable that is wrong. */
export function readSettings(env: Environment): Settings {
  const read = parse(embedded, env);
  return {
    dataDir: resolve(read.THREEFOLD_DATA),
    port: read.PORT,
    host: read.HOST,
    cacheDir: cacheDir(read.XDG_CACHE_HOME),
    temporalExecutable: read.THREEFOLD_TEMPORAL ?? null,
    graceSeconds: read.THREEFOLD_SHUTDOWN_GRACE_SECONDS,
  };
}

function cacheDir(xdg: string | undefined): string {
  const base = xdg ?? (platform() === 'darwin' ? join(homedir(), 'Library/Caches') : join(homedir(), '.cache'));
  return join(base, 'threefold');
}
