import { execFile, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { failed, wrongUse } from '../exit.js';
import { exitCode } from './exitCode.js';
import { whileSaying, type Say } from './progress.js';

const SOURCE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

export interface Looking {
  /** THREEFOLD_TEMPORAL, or null */
  wanted: string | null;
  /** PATH */
  path: string;
  cacheDir: string;
  say: Say;
}

/**
 * The Temporal CLI, which holds the dev server: the one wanted, on the PATH, in the cache, downloaded by the SDK, or built by Go.
 * Throws `Exit` 2 when the one wanted does not run, 1 with what to install when none can be had.
 */
export async function findTemporal(looking: Looking): Promise<string> {
  if (looking.wanted !== null) {
    if (await runs(looking.wanted)) return looking.wanted;
    throw wrongUse(`THREEFOLD_TEMPORAL is not valid: ${looking.wanted} is no Temporal CLI that runs.`);
  }
  const onPath = executableOn(looking.path, 'temporal');
  if (onPath !== null && (await runs(onPath))) return onPath;
  const built = builtIn(looking.cacheDir);
  const present = isExecutable(built) ? built : downloadedIn(looking.cacheDir);
  if (present !== null) return present;
  return (await download(looking)) ?? (await buildTemporal(looking)) ?? giveUp();
}

/** The first executable of that name in the folders of a PATH, or null. */
export function executableOn(path: string, name: string): string | null {
  return path.split(delimiter).filter((folder) => folder !== '').map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/** Whether there is a file at `path` that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function runs(path: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000 });
    return stdout.includes('temporal version');
  } catch {
    return false;
  }
}

function builtIn(cacheDir: string): string {
  return join(cacheDir, 'bin', 'temporal');
}

function downloadsOf(cacheDir: string): string {
  return join(cacheDir, 'download');
}

function downloadedIn(cacheDir: string): string | null {
  const folder = downloadsOf(cacheDir);
  try {
    return readdirSync(folder).filter((name) => /^temporal-(cli|sdk)/.test(name)).map((name) => join(folder, name)).find(isExecutable) ?? null;
  } catch {
    return null;
  }
}

/** The SDK downloads it in order to start a server; that one is stopped at once, the file stays. */
async function download({ cacheDir, say }: Looking): Promise<string | null> {
  const folder = downloadsOf(cacheDir);
  mkdirSync(folder, { recursive: true });
  return whileSaying(say, 'Downloading the Temporal server (once)', async () => {
    try {
      const { TestWorkflowEnvironment } = await import('@temporalio/testing');
      const environment = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir: folder, ttl: '3650d' } } });
      await environment.teardown();
      return downloadedIn(cacheDir);
    } catch (error) {
      say(`The download did not work (${error instanceof Error ? firstLine(error.message) : 'no answer'}).`);
      return null;
    }
  });
}

/**
 * Builds it into the cache with the Go on the PATH: in a folder of its own and moved into place, so that two builds at once do
 * no harm. Answers its path, or null where there is no Go or the build does not work.
 */
export async function buildTemporal({ path, cacheDir, say }: Looking): Promise<string | null> {
  const go = executableOn(path, 'go');
  if (go === null) return null;
  mkdirSync(join(cacheDir, 'bin'), { recursive: true });
  const folder = mkdtempSync(join(cacheDir, 'build-'));
  try {
    return await whileSaying(say, 'Building the Temporal server with Go (once, some minutes)', async () => {
      const { PATH: _, ...rest } = process.env;
      const child = spawn(go, ['install', SOURCE], { env: { ...rest, PATH: path, GOBIN: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
      let output = '';
      // Ended early, Threefold does not leave a compiler behind that takes all cores.
      const endBuild = (): void => { child.kill(); };
      process.once('exit', endBuild);
      child.stderr.setEncoding('utf8').on('data', (text: string) => { output = (output + text).slice(-2000); });
      const code = await exitCode(child);
      process.off('exit', endBuild);
      if (code !== 0) {
        say(`The build did not work (${firstLine(output.trim().split('\n').at(-1) ?? '')}).`);
        return null;
      }
      const built = join(folder, 'temporal');
      chmodSync(built, 0o755);
      const target = builtIn(cacheDir);
      renameSync(built, target);
      return target;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function giveUp(): never {
  throw failed(
    'The Temporal server could be neither downloaded nor built: install the Temporal CLI (docs.temporal.io/cli) so that "temporal" is on the PATH, or set THREEFOLD_TEMPORAL to it, or install Go 1.25 or later.',
  );
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
