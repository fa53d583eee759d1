import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The script of the `threefold` command. */
export const COMMAND = fileURLToPath(new URL('../../bin/threefold.mjs', import.meta.url));

const left = new Map<ChildProcess, NodeJS.Signals>();

/** Nothing of the caller's settings, but what programs are found by. */
export function bareEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'THREEFOLD_TEMPORAL'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

/** Runs a `threefold` command to its end; answers what it wrote. */
export function threefold(args: readonly string[], env: Record<string, string>): string {
  return execFileSync(process.execPath, [COMMAND, ...args], { env: { ...bareEnvironment(), ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Starts a `threefold` command that goes on until it is stopped; what it says goes to a file. */
export function launch(args: readonly string[], env: Record<string, string>, log: string): ChildProcess {
  const output = openSync(log, 'a');
  try {
    return remember(spawn(process.execPath, [COMMAND, ...args], { env: { ...bareEnvironment(), ...env }, stdio: ['ignore', output, output] }));
  } finally {
    closeSync(output);
  }
}

/** Starts a script of the bench itself as a process of its own, which speaks to this one by messages. */
export function forkScript(url: URL, env: Record<string, string>): ChildProcess {
  return remember(fork(fileURLToPath(url), { execArgv: ['--import', 'tsx'], env: { ...bareEnvironment(), ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
}

/** Ends a process in good order, and for certain after half a minute. */
export async function stopChild(child: ChildProcess): Promise<void> {
  const signal = left.get(child) ?? 'SIGTERM';
  left.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const patience = new AbortController();
  await Promise.race([ended, pause(30_000, undefined, { signal: patience.signal }).then(() => child.kill('SIGKILL'))]);
  patience.abort();
  await ended;
}

/** Ends whatever was started and not stopped, the last first. */
export async function stopAll(): Promise<void> {
  for (const child of [...left.keys()].reverse()) await stopChild(child);
}

/** Sees to it that a process does not outlive the bench; `signal` asks it to end in good order. */
export function remember(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): ChildProcess {
  left.set(child, signal);
  child.once('exit', () => left.delete(child));
  return child;
}

/** The first message of a process; throws when it ends before it says one. */
export function firstMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a process of the bench has ended with ${String(code)}`)));
  });
}
