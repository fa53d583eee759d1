import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { errorCode, wrongUse } from '../exit.js';

/** What lies where in the data folder of an embedded set-up. */
export interface Layout {
  root: string;
  postgres: string;
  temporal: string;
  logs: string;
  state: string;
  lock: string;
}

export function layoutOf(dataDir: string): Layout {
  return {
    root: dataDir,
    postgres: join(dataDir, 'postgres'),
    temporal: join(dataDir, 'temporal.db'),
    logs: join(dataDir, 'logs'),
    state: join(dataDir, 'state.json'),
    lock: join(dataDir, 'lock.json'),
  };
}

/** Makes the data folder, closed to others. Throws `Exit` 2 when it cannot be made, or not be written to. */
export function ensureLayout(dataDir: string): Layout {
  const layout = layoutOf(dataDir);
  try {
    mkdirSync(layout.root, { recursive: true, mode: 0o700 });
    // Started by root, Postgres runs as another user, who has to pass through this folder to its own.
    if (userInfo().uid === 0) chmodSync(layout.root, 0o711);
    mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
    // one that is there may be another user's, or on a disk that is read-only
    for (const folder of [layout.root, layout.logs]) accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw wrongUse(`The data folder ${dataDir} cannot be used (${errorCode(error) ?? 'error'}); set THREEFOLD_DATA to another one.`);
  }
  return layout;
}
