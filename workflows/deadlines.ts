import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import { instant, latest, millis, plus, SECOND, type Instant } from '../domain/time.js';
import type { Journal, JournalEvent } from './journal.js';

/** What a subject does by itself: when next, and everything that was due strictly before an instant. */
export interface Timed<State, E> {
  next(state: State): Instant | null;
  advance(state: State, until: Instant): E[];
}

/** One timer at a time, for the earliest deadline. It fires a second after it: a command of that instant is still in time (spec: sla). */
export async function deadlines<State extends { version: number }, E extends JournalEvent>(
  journal: Journal<State, E>,
  { next, advance }: Timed<State, E>,
  ended: () => boolean,
): Promise<void> {
  const dueNow = perState(() => journal.state, next);
  let until = lately();
  while (!ended()) {
    journal.alone(advance(journal.state, until));
    const due = dueNow();
    const moved = () => ended() || dueNow() !== due;
    if (due === null) {
      await condition(moved);
      until = lately();
    } else {
      const fired = await firesBefore(moved, Math.max(1, millis(due) + SECOND - Date.now()));
      // A timer that has fired is proof enough: now and then its task is given the time of the one before, and its own in the replay.
      until = fired ? latest(lately(), plus(due, 1)) : lately();
    }
  }
}

/**
 * Waits until `moved`, for so many milliseconds at most; answers whether the timer has fired, and leaves none behind. It does what
 * `condition(moved, ms)` does with fewer promises, of each of which the SDK takes a stack trace (docs/performance.md).
 */
async function firesBefore(moved: () => boolean, ms: number): Promise<boolean> {
  const scope = new CancellationScope();
  let fired = false;
  const timer = scope.run(() => sleep(ms)).then(() => (fired = true), (error: unknown) => {
    if (isCancellation(error)) return false;
    throw error;
  });
  await condition(() => fired || moved());
  scope.cancel();
  return timer;
}

/** What follows from a state, worked out once for each: a condition is asked after every message, also when nothing has changed. */
function perState<State, T>(current: () => State, of: (state: State) => T): () => T {
  let seen = current();
  let known = of(seen);
  return () => {
    if (current() !== seen) {
      seen = current();
      known = of(seen);
    }
    return known;
  };
}

/** Deadlines before this have had their second of grace. */
function lately(): Instant {
  return instant(Date.now() - SECOND + 1);
}
