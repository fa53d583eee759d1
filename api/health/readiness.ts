/** Asks something that a process needs whether it answers: throws or hangs when it does not; `unprepared` when it cannot be used yet. */
export type Probe = () => Promise<unknown>;

const PATIENCE_MS = 3000;

/** How that stands, after three seconds at the latest. */
export async function stateOf(probe: Probe): Promise<'up' | 'unprepared' | 'away'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'away'>((done) => (timer = setTimeout(() => done('away'), PATIENCE_MS)));
  try {
    return await Promise.race([probe().then((found) => (found === 'unprepared' || found === 'absent' ? 'unprepared' : 'up'), () => 'away' as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
