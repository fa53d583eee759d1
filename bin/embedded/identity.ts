import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { errorCode } from '../exit.js';

/** A process for certain: pids are used again, a pid with its start time is not. */
export const Identity = z.object({ pid: z.int().positive(), started: z.string() });
export type Identity = z.infer<typeof Identity>;

/** The identity of a living process, or null. A zombie is not living. */
export function identityOf(pid: number): Identity | null {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedElsewhere(pid);
  return started === null ? null : { pid, started };
}

export function ownIdentity(): Identity {
  const own = identityOf(process.pid);
  if (!own) throw new Error('this process cannot be found in the process table');
  return own;
}

export function isAlive(identity: Identity): boolean {
  return identityOf(identity.pid)?.started === identity.started;
}

/**
 * Ends a process and its group: first `signal` to the process alone, after `graceMs` SIGKILL to the group.
 * Does nothing when the pid belongs to somebody else by now.
 */
export async function end(identity: Identity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!isAlive(identity)) return;
  send(identity.pid, signal);
  const until = Date.now() + graceMs;
  while (isAlive(identity) && Date.now() < until) await pause(20);
  if (!isAlive(identity)) return;
  send(-identity.pid, 'SIGKILL');
  while (isAlive(identity)) await pause(20);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Clock ticks since boot (proc(5), field 22), with the boot's id: ticks start again at each boot. */
function startedOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The second field is the command in brackets and may hold spaces and brackets itself.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = rest[18];
    if (state === 'Z' || state === 'X' || ticks === undefined) return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return null;
  }
}

function startedElsewhere(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' } }).trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
}
