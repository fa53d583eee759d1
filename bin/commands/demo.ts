import { Command } from 'commander';
import { setTimeout as wait } from 'node:timers/promises';
import { readSettings } from '../configuration.js';
import type { Demo } from '../demo/demo.js';
import type { Outcome } from '../demo/outcome.js';
import { layoutOf } from '../embedded/layout.js';
import { whileSaying, type Say } from '../embedded/progress.js';
import { readRunning, type State } from '../embedded/state.js';
import { failed } from '../exit.js';
import { keyFilesOf } from '../keys.js';
import { runningConfiguration } from './running.js';
import { startHere } from './start.js';

interface Options {
  exit?: true;
  json?: true;
}

/** `threefold demo`: drives complaints through all three levels on an empty or running set-up and shows what happened. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('drive 60 complaints, and a few of channels, through all three levels and show what happened')
    .option('--exit', 'stop what the demo itself has started when it is done')
    .option('--json', 'for machines')
    .action(demo);
}

/** Exit code 1 when something is not as it should be; what the demo has started stops then. */
async function demo({ exit, json }: Options): Promise<void> {
  const { state, stop } = await setUp();
  const result = await played(state).catch(async (error: unknown) => {
    await stop?.();
    throw error;
  });
  process.stdout.write(json ? `${JSON.stringify(result.outcome)}\n` : `\n${result.report}\n`);
  if (!result.outcome.ok) process.exitCode = 1;
  if (!stop) return;
  if (exit || !result.outcome.ok) {
    await stop();
    return;
  }
  say(`Threefold goes on at ${state.api} until you stop it (Ctrl-C).`);
}

async function played({ api }: State): Promise<{ outcome: Outcome; report: string }> {
  const configuration = runningConfiguration({ THREEFOLD_DATA: readSettings(process.env).dataDir });
  const [run, { reportOf }] = await Promise.all([import('../demo/demo.js'), import('../demo/report.js')]);
  const scene: Demo = { api, tokenKey: keyFilesOf(readSettings(process.env).dataDir).token, configuration, say };
  const outcome = await run.demo(scene);
  return { outcome, report: reportOf(outcome) };
}

/** The set-up that runs on the data folder, or one started here, which is then ours to stop. */
async function setUp(): Promise<{ state: State; stop: (() => Promise<void>) | null }> {
  const { dataDir } = readSettings(process.env);
  const path = layoutOf(dataDir).state;
  const found = readRunning(path);
  if (!found) return startHere(say);
  const state = found.ready ? found : await whileSaying(say, `Threefold on ${dataDir} is still starting`, () => ready(path));
  say(`Threefold runs already at ${state.api}.`);
  return { state, stop: null };
}

const LOOK_MS = 200;

async function ready(path: string): Promise<State> {
  for (;;) {
    const state = readRunning(path);
    if (!state) throw failed('The start of Threefold that was under way has ended; see what it said.');
    if (state.ready) return state;
    await wait(LOOK_MS);
  }
}

/** What is said on the way goes to stderr: stdout is for the result. */
const say: Say = (line) => {
  process.stderr.write(`${line}\n`);
};
