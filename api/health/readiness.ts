import { within } from '../../engine/within.js';

/** Asks something that a process needs whether it answers: throws or hangs when it does not; `unprepared` when it cannot be used yet. */
export type Probe = () => Promise<unknown>;

const PATIENCE_MS = 3000;

/** How that stands, after three seconds at the latest. */
export async function stateOf(probe: Probe): Promise<'up' | 'unprepared' | 'away'> {
  const asked = probe().then((found) => (found === 'unprepared' || found === 'absent' ? 'unprepared' : 'up'), () => 'away' as const);
  return (await within(PATIENCE_MS, asked)) ? asked : 'away';
}
