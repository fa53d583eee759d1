import { wrongUse } from '../exit.js';
import { ensureKeys } from '../keys.js';
import { startPostgres, startProcesses, startTemporal, type Starting } from './launch.js';
import { ensureLayout, type Layout } from './layout.js';
import { releaseLock, takeLock } from './lock.js';
import { newState } from './newState.js';
import { endOrphans } from './orphans.js';
import { parts, readState, writeState, type Part, type State } from './state.js';
import type { Supervised } from './supervise.js';
import { findTemporal } from './temporalExecutable.js';

export interface Embedding extends Pick<Starting, 'settings' | 'env' | 'command' | 'say'> {
  /** given as soon as there is something to stop, before all is ready */
  onStoppable: (stop: () => Promise<void>) => void;
}

/**
 * Starts the whole of Threefold on one data folder and answers its state when its API is ready.
 * Throws `Exit` 2 where the folder or the port is taken, 1 where a part cannot be started; what had been started is stopped then.
 */
export async function startEmbedded({ onStoppable, ...embedding }: Embedding): Promise<State> {
  const { settings, say } = embedding;
  const layout = ensureLayout(settings.dataDir);
  takeFolder(layout);
  say(`Threefold starts on ${layout.root}.`);
  const running = new Map<Part, Supervised>();
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= stopAll(running, layout));
  onStoppable(stop);
  try {
    const before = readState(layout.state);
    await endOrphans(before, say);
    const state = await newState(settings, before, ensureKeys(settings.dataDir));
    writeState(layout.state, state);
    const starting: Starting = { ...embedding, layout, state, running, isStopping: () => stopping !== null };
    const executable = await findTemporal({ wanted: settings.temporalExecutable, path: embedding.env['PATH'] ?? '', cacheDir: settings.cacheDir, say });
    await together(startPostgres(starting), startTemporal(starting, executable));
    await startProcesses(starting);
    state.ready = true;
    writeState(layout.state, state);
    return state;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for both also when one fails, so that nothing is started after all was stopped. */
async function together(...work: Promise<void>[]): Promise<void> {
  const failure = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}

function takeFolder(layout: Layout): void {
  const holder = takeLock(layout.lock);
  if (!holder) return;
  const api = readState(layout.state)?.api;
  const where = `process ${String(holder.pid)}${api === undefined ? '' : `, ${api}`}`;
  throw wrongUse(`Threefold already runs on ${layout.root} (${where}): stop it first, or set THREEFOLD_DATA to another folder.`);
}

async function stopAll(running: Map<Part, Supervised>, layout: Layout): Promise<void> {
  for (const part of parts) await running.get(part)?.stop();
  const state = readState(layout.state);
  try {
    if (state) writeState(layout.state, { ...state, parent: null, ready: false, processes: {} });
  } finally {
    releaseLock(layout.lock);
  }
}
