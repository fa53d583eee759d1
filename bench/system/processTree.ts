import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all below it use. */
export interface Usage {
  /** since they began, those that have ended below them included */
  cpuSeconds: number;
  /** bytes in memory, what several of them share counted for each */
  rss: number;
  /** the same with shared pages counted once; null where it cannot be read */
  pss: number | null;
}

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Stat {
  parent: number;
  ticks: number;
}

/** Usage of the trees below each of these processes, by name. Linux only: it reads /proc. */
export function usageOf<Name extends string>(roots: Record<Name, readonly number[]>): Record<Name, Usage> {
  const all = everyStat();
  const entries = Object.entries<readonly number[]>(roots).map(([name, pids]) => {
    const below = pids.flatMap((pid) => treeOf(pid, all));
    return [name, { cpuSeconds: secondsOf(below, all), rss: sizeOf(below, 'status', /^VmRSS:\s+(\d+)/m) ?? 0, pss: sizeOf(below, 'smaps_rollup', /^Pss:\s+(\d+)/m) }];
  });
  return Object.fromEntries(entries) as Record<Name, Usage>;
}

/** Processor seconds of these processes and all below them. */
export function cpuSecondsOf(pids: readonly number[]): number {
  const all = everyStat();
  return secondsOf(pids.flatMap((pid) => treeOf(pid, all)), all);
}

function secondsOf(pids: readonly number[], all: ReadonlyMap<number, Stat>): number {
  return pids.reduce((sum, pid) => sum + (all.get(pid)?.ticks ?? 0), 0) / TICKS;
}

function everyStat(): Map<number, Stat> {
  return new Map(
    readdirSync('/proc').flatMap((name) => {
      const stat = /^\d+$/.test(name) ? statOf(name) : null;
      return stat ? [[Number(name), stat] as const] : [];
    }),
  );
}

/** proc(5): fields 4 and 14 to 17, after a name that may hold spaces and brackets. */
function statOf(pid: string): Stat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
    return { parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, field) => sum + field, 0) };
  } catch {
    return null;
  }
}

function treeOf(root: number, all: ReadonlyMap<number, Stat>): number[] {
  const children = [...all].filter(([, { parent }]) => parent === root).map(([pid]) => pid);
  return [root, ...children.flatMap((pid) => treeOf(pid, all))];
}

function sizeOf(pids: readonly number[], file: string, pattern: RegExp): number | null {
  try {
    return pids.reduce((sum, pid) => sum + Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0) * 1024, 0);
  } catch {
    return null;
  }
}
