import { dirname, join } from 'node:path';
import { readSettings } from '../../bin/configuration.js';
import { end, identityOf, type Identity } from '../../bin/embedded/identity.js';
import { freePort } from '../../bin/embedded/ports.js';
import { findTemporal } from '../../bin/embedded/temporalExecutable.js';
import { launchTemporal, temporalReady } from '../../bin/embedded/temporalServer.js';
import { ensureNamespace } from '../../bin/namespace.js';
import { noteProcess } from '../harness/leftovers.js';
import type { Place } from '../harness/temporal.js';

/** A Temporal dev server of one's own, which can be away for a while. */
export interface OwnEngine {
  place: Place;
  /** what it says */
  log: string;
  /** as SIGKILL does; what it had acknowledged is in its file */
  kill(): Promise<void>;
  /** on the same port and file; does nothing while it runs */
  start(): Promise<void>;
  /** SIGSTOP: connections stay open, and nobody answers */
  freeze(): void;
  thaw(): void;
}

/** Starts it on a SQLite file, as the embedded set-up does. */
export async function startEngine(file: string): Promise<OwnEngine> {
  const { temporalExecutable, cacheDir } = readSettings(process.env);
  const executable = await findTemporal({ wanted: temporalExecutable, cacheDir, path: process.env['PATH'] ?? '', say: console.log });
  const port = await freePort();
  const place: Place = { address: `127.0.0.1:${String(port)}`, namespace: 'threefold' };
  const log = join(dirname(file), 'temporal.log');
  let running: Identity | null = null;
  const signalled = (signal: NodeJS.Signals): void => {
    if (running) process.kill(running.pid, signal);
  };
  const engine: OwnEngine = {
    place, log,
    freeze: () => { signalled('SIGSTOP'); },
    thaw: () => { signalled('SIGCONT'); },
    async kill() {
      if (running) await end(running, 'SIGKILL', 5_000);
      running = null;
    },
    async start() {
      if (running) return;
      const child = launchTemporal({ executable, port, uiPort: null, file, log });
      running = child.pid === undefined ? null : identityOf(child.pid);
      if (running) noteProcess(dirname(file), running);
      const connection = await temporalReady(place.address, log, () => child.exitCode !== null);
      await ensureNamespace(connection, place.namespace);
      await connection.close();
    },
  };
  await engine.start();
  return engine;
}
