import { join } from 'node:path';
import type { Options } from '../options.js';
import type { Say } from '../progress.js';
import { startEmbedded } from './embedded.js';
import { startOnPostgres } from './onPostgres.js';
import type { System } from './system.js';

/** Starts Threefold for the bench alone, in this folder. */
export async function startSystem(server: Options['server'], folder: string, say: Say): Promise<System> {
  const dataDir = join(folder, 'data');
  const started = performance.now();
  const system = server === 'embedded' ? await startEmbedded(dataDir) : await startOnPostgres(dataDir);
  say(`ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return system;
}
