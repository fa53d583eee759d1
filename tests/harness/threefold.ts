import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const script = fileURLToPath(new URL('../../bin/threefold.mjs', import.meta.url));

/** An empty folder of one's own, gone when the test run ends. */
export function freshFolder(): string {
  const path = join(inject('shared').folder, randomUUID());
  mkdirSync(path);
  // Started by root, Postgres runs as another user, who has to pass through.
  chmodSync(path, 0o711);
  return path;
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a `threefold` command to its end. `env` comes on top of PATH and HOME only. */
export function threefold(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args], { env: { ...bare(), ...env } }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

export interface Started {
  process: ChildProcess;
  /** where the API answers */
  api: string;
  /** everything it has said so far */
  lines: string[];
  /** waits for a line that matches; throws when it ends before that */
  line(pattern: RegExp): Promise<string>;
  /** SIGTERM; answers the exit code */
  stop(): Promise<number | null>;
}

/** Starts the embedded set-up on `dataDir` with any free port and waits until it says that it is ready. */
export async function startThreefold(dataDir: string, env: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, [script, 'start'], { env: { ...bare(), PORT: '0', THREEFOLD_DATA: dataDir, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line !== ''));
      for (const look of watchers) look();
    });
  }
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((one) => pattern.test(one));
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      void ended.then((code) => reject(new Error(`threefold start has ended with ${String(code)}:\n${lines.join('\n')}`)));
      look();
    });
  const api = (await line(/^Threefold is ready at /)).replace('Threefold is ready at ', '');
  return {
    process: child,
    api,
    lines,
    line,
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Nothing of the caller's settings, but what programs are found by. */
function bare(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'THREEFOLD_TEMPORAL'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}
