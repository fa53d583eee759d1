import type { ChildProcess } from 'node:child_process';
import { end, identityOf, type Identity } from './identity.js';
import type { Say } from './progress.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** after this long a process counts as sound, and its next end is its first again */
const SOUND_MS = 30_000;

export interface Supervision {
  name: string;
  launch: () => ChildProcess;
  /** what asks it to end in good order */
  signal: NodeJS.Signals;
  /** how long that may take before it is killed */
  graceMs: number;
  /** called each time it has been started, before anything else happens */
  onStarted: (identity: Identity) => void;
  /** how many have been started so far (1, 2, …), the exit code (null after a signal) */
  onEnded?: (times: number, code: number | null) => void;
  say: Say;
}

export interface Supervised {
  /** whether the process that runs now, or last ran, has ended */
  ended(): boolean;
  /** ends it in good order and for good */
  stop(): Promise<void>;
}

/** Starts a process and starts it again whenever it ends, with growing pauses, until `stop`. Throws where it cannot be started at first. */
export function supervise(supervision: Supervision): Supervised {
  const { name, say } = supervision;
  let current: Identity | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let times = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    const started = Date.now();
    const child = supervision.launch();
    times += 1;
    current = child.pid === undefined ? null : identityOf(child.pid);
    let over = false;
    const ended = (code: number | null, reason: string): void => {
      if (over) return;
      over = true;
      current = null;
      if (stopped) return;
      if (Date.now() - started > SOUND_MS) pauseMs = FIRST_PAUSE_MS;
      again(`${name} has ended (${reason}); it is started again.`);
      supervision.onEnded?.(times, code);
    };
    child.once('error', (error) => { ended(null, error.message); });
    child.once('exit', (code, signal) => { ended(code, signal ?? `exit code ${String(code)}`); });
    const identity = current;
    if (identity === null) return;
    if (times > 1) {
      note(identity);
      return;
    }
    try {
      supervision.onStarted(identity);
    } catch (error) {
      // nobody would know of it
      over = true;
      current = null;
      child.kill(supervision.signal);
      throw error;
    }
  }

  /** It runs, and is noted down as soon as that can be done. */
  function note(identity: Identity): void {
    if (stopped || current !== identity) return;
    try {
      supervision.onStarted(identity);
    } catch {
      setTimeout(note, LONGEST_PAUSE_MS, identity).unref();
    }
  }

  function again(why: string): void {
    say(why);
    timer = setTimeout(restart, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** Whatever keeps it from being started, a full disk for one, may pass. */
  function restart(): void {
    try {
      start();
    } catch (error) {
      again(`${name} cannot be started (${error instanceof Error ? error.message : String(error)}); it is tried again.`);
    }
  }

  start();
  return {
    ended: () => current === null,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      if (current) await end(current, supervision.signal, supervision.graceMs);
    },
  };
}
