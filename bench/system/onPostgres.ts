import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openCluster } from '../../bin/embedded/postgres.js';
import { freePort } from '../../bin/embedded/ports.js';
import { ensureKeys, readSecret } from '../../bin/keys.js';
import { startTemporalOnPostgres } from '../../tests/harness/temporalOnPostgres.js';
import { launch, remember, stopChild, threefold } from './child.js';
import type { System } from './system.js';
import { createWorkers } from './workers.js';

const NAME = 'threefold';

/** Threefold as a company runs it: `threefold migrate`, `api` and `worker` on Temporal's own server, both on one Postgres. */
export async function startOnPostgres(dataDir: string): Promise<System> {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const keys = ensureKeys(dataDir);
  const password = readSecret(keys.databasePassword);
  const cluster = await openCluster({ folder: join(dataDir, 'postgres'), log: join(dataDir, 'postgres.log'), port: await freePort(), password });
  // SIGINT is Postgres' fast shutdown: it waits for nobody
  const postgres = remember(cluster.launch(), 'SIGINT');
  await cluster.ready();
  await cluster.createDatabase(NAME);
  const engine = await startTemporalOnPostgres({ postgresUrl: cluster.url('postgres'), folder: join(dataDir, 'temporal') });
  const port = await freePort();
  const environment = {
    THREEFOLD_DATA: dataDir,
    DATABASE_URL: cluster.url(NAME),
    TEMPORAL_ADDRESS: engine.address,
    TEMPORAL_NAMESPACE: NAME,
    THREEFOLD_MASTER_KEY_FILE: keys.master,
    THREEFOLD_COMMAND_KEY_FILE: keys.command,
    THREEFOLD_TOKEN_KEY_FILE: keys.token,
    PORT: String(port),
  };
  threefold(['migrate', '--create-namespace'], environment);
  const api = launch(['api'], environment, join(dataDir, 'api.log'));
  const workers = createWorkers(environment, dataDir);
  await workers.scale(1);
  await ready(`http://127.0.0.1:${port}`);
  const one = (pid: number | null | undefined) => (pid === null || pid === undefined ? [] : [pid]);
  return {
    kind: 'postgres',
    api: `http://127.0.0.1:${port}`,
    databaseUrl: environment.DATABASE_URL,
    temporal: { address: engine.address, namespace: NAME },
    dataDir,
    environment,
    pids: () => ({ api: one(api.pid), worker: workers.pids(), engine: one(engine.pid()), postgres: one(postgres.pid) }),
    scale: (count) => workers.scale(count),
    async restartWorker() {
      const from = performance.now();
      await workers.replace();
      return (performance.now() - from) / 1000;
    },
    async stop() {
      await stopChild(api);
      await workers.scale(0);
      await engine.stop();
      await stopChild(postgres);
    },
  };
}

async function ready(api: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${api}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await pause(50);
  }
}
