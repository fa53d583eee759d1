import { end, isAlive } from './identity.js';
import type { Say } from './progress.js';
import { parts, type Part, type State } from './state.js';

/** What asks each part to end in good order; Postgres' SIGINT is its fast shutdown. */
export function endings(graceSeconds: number): Record<Part, { signal: NodeJS.Signals; graceMs: number }> {
  // longer than either of them gives itself
  const graceMs = (1.5 * graceSeconds + 10) * 1000;
  return {
    api: { signal: 'SIGTERM', graceMs },
    worker: { signal: 'SIGTERM', graceMs },
    temporal: { signal: 'SIGTERM', graceMs: 10_000 },
    postgres: { signal: 'SIGINT', graceMs: 20_000 },
  };
}

const ORPHANS_SECONDS = 5;

/** Ends what a dead parent left running, told by pid and start time, in the order of an ordinary stop. */
export async function endOrphans(state: State | null, say: Say): Promise<void> {
  for (const part of parts) {
    const identity = state?.processes[part];
    if (!identity || !isAlive(identity)) continue;
    say(`Ending ${part} (process ${String(identity.pid)}), left by a start that was killed.`);
    const { signal, graceMs } = endings(ORPHANS_SECONDS)[part];
    await end(identity, signal, graceMs);
  }
}
