import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../bin/configuration.js';
import { end, identityOf } from '../../bin/embedded/identity.js';
import { appendTo } from '../../bin/embedded/logs.js';
import { freePort } from '../../bin/embedded/ports.js';
import { findTemporal } from '../../bin/embedded/temporalExecutable.js';
import { temporalReady } from '../../bin/embedded/temporalServer.js';
import { ensureNamespace } from '../../bin/namespace.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface ShortRuns {
  place: { address: string; namespace: string };
  stop(): Promise<void>;
}

/** A dev server of one's own that asks a workflow to go on in a new run after so many history events, not after thousands. */
export async function startShortRuns(events: number): Promise<ShortRuns> {
  const { temporalExecutable, cacheDir } = readSettings(process.env);
  const looking = { path: process.env['PATH'] ?? '', cacheDir, say: console.log, wanted: temporalExecutable };
  const executable = await findTemporal(looking);
  const folder = mkdtempSync(join(tmpdir(), 'threefold-short-runs-'));
  const log = join(folder, 'temporal.log');
  const port = await freePort();
  const output = appendTo(log);
  const child = spawn(
    executable,
    [
      'server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless', '--log-level', 'error',
      '--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${String(events)}`,
    ],
    { env: { PATH: '/usr/bin:/bin', HOME: folder, TZ: 'UTC' }, stdio: ['ignore', output.fd, output.fd] },
  );
  output.close();
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const place = { address: `127.0.0.1:${String(port)}`, namespace: `short-${randomUUID()}` };
  const connection = await temporalReady(place.address, log, () => child.exitCode !== null);
  await ensureNamespace(connection, place.namespace, DAY_MS);
  await connection.close();
  return {
    place,
    async stop() {
      const identity = child.pid === undefined ? null : identityOf(child.pid);
      if (identity) await end(identity, 'SIGINT', 10_000);
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
