import { Command } from 'commander';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../configuration.js';
import type { Say } from '../embedded/progress.js';
import type { State } from '../embedded/state.js';

/** `threefold start`: the embedded set-up, until a signal stops it. */
export function startCommand(): Command {
  return new Command('start').description('start database, engine, worker and API on the data in THREEFOLD_DATA (.data)').action(start);
}

async function start(): Promise<void> {
  const { state } = await startHere(say);
  say(`Threefold is ready at ${state.api}`);
}

/** Starts the embedded set-up in this process; a signal stops it and ends the process, `stop` stops it alone. */
export async function startHere(say: Say): Promise<{ state: State; stop: () => Promise<void> }> {
  // What the set-up writes, a database among it, is for its owner alone.
  process.umask(0o077);
  const settings = readSettings(process.env);
  const { startEmbedded } = await import('../embedded/start.js');
  const command = fileURLToPath(new URL('../../../bin/threefold.mjs', import.meta.url));
  let stop = (): Promise<void> => Promise.resolve();
  const onStoppable = (how: () => Promise<void>): void => {
    stop = how;
    stopOnSignal(how, say);
  };
  const state = await startEmbedded({ settings, env: process.env, command, say, onStoppable });
  return { state, stop };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A repeated signal changes nothing: under `npm start` a single Ctrl-C arrives twice. */
function stopOnSignal(stop: () => Promise<void>, say: Say): void {
  let told = false;
  const onSignal = (): void => {
    if (told) return;
    told = true;
    say('Threefold stops.');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`threefold: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}
