import { execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chownSync, existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { failed } from '../exit.js';

const NAME = 'postgres';
const SETPRIV = '/usr/bin/setpriv';

/** Postgres refuses to run as root: who it runs as, and how it is started as that user. */
export interface PostgresUser {
  /** gives a file or folder to that user */
  own(path: string): void;
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}

/**
 * The user Postgres runs as: oneself, or `postgres` (made when it is not there) for root.
 * `paths` are what it has to reach. Throws `Exit` 1 with what to do when that cannot be had.
 */
export function postgresUser(paths: readonly string[]): PostgresUser {
  if (userInfo().uid !== 0) return { own: () => undefined, spawn };
  const ids = idsOf(NAME) ?? createUser();
  const own = (path: string): void => { chownSync(path, ids.uid, ids.gid); };
  const closed = paths.map(closedParent).find((path) => path !== null);
  if (closed === undefined) return { own, spawn: (command, args, options) => spawn(command, args, { ...options, ...ids }) };
  // A checkout below a folder that is root's alone (/root, a CI's temporary folder): Postgres keeps root's right to pass
  // through folders, and no other of its privileges.
  if (!existsSync(SETPRIV)) {
    throw failed(`Postgres does not run as root, and the user ${NAME} may not enter ${closed}: run as an ordinary user, or move the checkout and its data.`);
  }
  const become = ['--reuid', String(ids.uid), '--regid', String(ids.gid), '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'];
  return { own, spawn: (command, args, options) => spawn(SETPRIV, [...become, command, ...args], options) };
}

function idsOf(name: string): { uid: number; gid: number } | null {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

function createUser(): { uid: number; gid: number } {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME], { stdio: 'ignore' });
  } catch {
    // the sentence below says what to do
  }
  const ids = idsOf(NAME);
  if (!ids) throw failed(`Postgres does not run as root, and a user ${NAME} could not be made: run as an ordinary user, or make that user.`);
  return ids;
}

/** The nearest folder above `path` that others may not pass through, or null. */
function closedParent(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return folder;
    if (folder === dirname(folder)) return null;
  }
}
