import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureKeys, readPrivateKey, type KeyFiles } from '../../bin/keys.js';
import { issueToken } from '../../bin/tokens.js';
import { freshDatabase } from '../harness/database.js';
import { freshNamespace, type Place } from '../harness/temporal.js';
import { freshFolder } from '../harness/threefold.js';
import { until } from '../harness/until.js';

const script = fileURLToPath(new URL('../../bin/threefold.mjs', import.meta.url));

/** A database, a namespace and keys of one's own, as a company sets them up for processes of its own. */
export interface Own {
  databaseUrl: string;
  place: Place;
  keys: KeyFiles;
  folder: string;
  /** what a process is told */
  env: Record<string, string>;
  /** a token that its API takes */
  token(role: 'agent' | 'admin'): Promise<string>;
}

export async function ownSetUp(): Promise<Own> {
  const [databaseUrl, place, folder] = [await freshDatabase(), await freshNamespace(), freshFolder()];
  const keys = ensureKeys(folder);
  return {
    databaseUrl, place, keys, folder,
    env: {
      PORT: '0', DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: place.address, TEMPORAL_NAMESPACE: place.namespace, THREEFOLD_DATA: folder,
      THREEFOLD_MASTER_KEY_FILE: keys.master, THREEFOLD_COMMAND_KEY_FILE: keys.command, THREEFOLD_TOKEN_KEY_FILE: keys.token,
    },
    token: (role) => issueToken(readPrivateKey(keys.token), { sub: role, roles: [role] }),
  };
}

/** A process of Threefold under way. */
export interface Launched {
  /** the lines of its log, as far as they are JSON */
  log(): Record<string, unknown>[];
  /** waits for a line of its log */
  line(msg: string): Promise<Record<string, unknown>>;
  signal(signal: NodeJS.Signals): void;
  /** its exit code, once it has ended */
  ended: Promise<number | null>;
}

/** @param unread a file that its log goes to, where nobody here reads it */
export function launch(command: 'api' | 'worker', env: Record<string, string>, unread: number | 'pipe' = 'pipe'): Launched {
  const child = spawn(process.execPath, [script, command], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', unread, 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => { said += text; });
  const kill = (): void => { child.kill('SIGKILL'); };
  process.once('exit', kill);
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      process.off('exit', kill);
      resolve(code);
    });
  });
  const log = () => said.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}')).map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    log, ended,
    signal: (signal) => { child.kill(signal); },
    line: (msg) => until(() => {
      if (child.exitCode !== null) throw new Error(`${command} has ended with ${String(child.exitCode)}: ${said}`);
      return Promise.resolve(log().find((line) => line['msg'] === msg));
    }, `"${msg}" of the ${command}: ${said}`, 60_000),
  };
}
