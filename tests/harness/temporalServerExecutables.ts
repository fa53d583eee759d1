import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { exitCode } from '../../bin/embedded/exitCode.js';
import { whileSaying } from '../../bin/embedded/progress.js';
import { executableOn, isExecutable, type Looking } from '../../bin/embedded/temporalExecutable.js';

const VERSION = '1.32.1';
const MODULE = 'go.temporal.io/server';
/** as `go install` names it, and as the cache does */
const PROGRAMS = { server: 'cmd/server', sql: 'cmd/tools/sql' } as const;

/** What Temporal on a database of one's own takes: the server, and the tool that makes its tables. */
export interface ServerExecutables {
  server: string;
  sql: string;
}

/** The Temporal server of production, from the cache or built by Go into it; else what to install. */
export async function findServerExecutables(looking: Omit<Looking, 'wanted'>): Promise<ServerExecutables | { missing: string }> {
  const kept = cachedIn(looking.cacheDir);
  if (isExecutable(kept.server) && isExecutable(kept.sql)) return kept;
  const go = executableOn(looking.path, 'go');
  if (go === null) return { missing: 'Temporal on Postgres is built with Go, which is not on the PATH: install Go 1.25 or later.' };
  return (await build(go, looking)) ? kept : { missing: 'Temporal on Postgres could not be built; see what was said above.' };
}

function cachedIn(cacheDir: string): ServerExecutables {
  return { server: join(cacheDir, 'bin', `temporal-server-${VERSION}`), sql: join(cacheDir, 'bin', `temporal-sql-tool-${VERSION}`) };
}

/** In a folder of its own and moved into place, so that two builds at once, or one cut short, do no harm. */
async function build(go: string, { path, cacheDir, say }: Omit<Looking, 'wanted'>): Promise<boolean> {
  mkdirSync(join(cacheDir, 'bin'), { recursive: true });
  const folder = mkdtempSync(join(cacheDir, 'build-'));
  try {
    return await whileSaying(say, 'Building Temporal on Postgres with Go (once, some minutes)', async () => {
      const sources = Object.values(PROGRAMS).map((program) => `${MODULE}/${program}@v${VERSION}`);
      const { PATH: _, ...rest } = process.env;
      const child = spawn(go, ['install', ...sources], { env: { ...rest, PATH: path, GOBIN: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
      // A compiler takes all cores there are; whatever else runs meanwhile goes first.
      if (child.pid !== undefined) setPriority(child.pid, 10);
      const endBuild = (): void => { child.kill(); };
      process.once('exit', endBuild);
      let output = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => { output = (output + text).slice(-2000); });
      const code = await exitCode(child);
      process.off('exit', endBuild);
      if (code !== 0) {
        say(`The build did not work (${output.trim().split('\n').at(-1)?.slice(0, 200) ?? ''}).`);
        return false;
      }
      const kept = cachedIn(cacheDir);
      for (const [name, target] of Object.entries(kept)) {
        chmodSync(join(folder, name), 0o755);
        renameSync(join(folder, name), String(target));
      }
      return true;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
