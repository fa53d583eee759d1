import { setTimeout as pause } from 'node:timers/promises';
import type { Setting } from '../setting.js';
import { usageOf, type Usage } from '../system/processTree.js';
import { quiet } from '../system/quiet.js';

export interface AtRest {
  seconds: number;
  /** of one core, by process: 0.01 is one hundredth of it */
  cores: Record<string, number>;
  usage: Record<string, Usage>;
}

/** What each process uses while nobody asks anything. */
export async function measureRest({ system, pool, options }: Setting): Promise<AtRest> {
  const seconds = options.seconds >= 4 ? 60 : 15 * options.seconds;
  await quiet(system, pool);
  const before = usageOf(system.pids());
  await pause(seconds * 1000);
  const usage: Record<string, Usage> = usageOf(system.pids());
  const used = (name: string) => (usage[name]?.cpuSeconds ?? 0) - (before[name]?.cpuSeconds ?? 0);
  return { seconds, cores: Object.fromEntries(Object.keys(usage).map((name) => [name, used(name) / seconds])), usage };
}
