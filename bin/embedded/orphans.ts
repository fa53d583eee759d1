import { end, isAlive } from './identity.js';
import type { Say } from './progress.js';
import { parts, type Part, type State } from './state.js';

/** What asks each part to end in good order; Postgres' SIGINT is its fast shutdown. */
export const endings: Record<Part, { signal: NodeJS.Signals; graceMs: number }> = {
  api: { signal: 'SIGTERM', graceMs: 10_000 },
  worker: { signal: 'SIGTERM', graceMs: 15_000 },
  temporal: { signal: 'SIGTERM', graceMs: 10_000 },
  postgres: { signal: 'SIGINT', graceMs: 20_000 },
};

/** Ends what a dead parent left running, told by pid and start time, in the order of an ordinary stop. */
export async function endOrphans(state: State | null, say: Say): Promise<void> {
  for (const part of parts) {
    const identity = state?.processes[part];
    if (!identity || !isAlive(identity)) continue;
    say(`Ending ${part} (process ${String(identity.pid)}), left by a start that was killed.`);
    await end(identity, endings[part].signal, endings[part].graceMs);
  }
}
