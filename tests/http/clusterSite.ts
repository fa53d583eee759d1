import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openParts } from '../../bin/parts.js';
import { ensureKeys, readMasterKey, readPrivateKey } from '../../bin/keys.js';
import { startCluster } from '../harness/cluster.js';
import { freshDatabase } from '../harness/database.js';
import { bundle } from '../harness/system.js';
import { freshNamespace } from '../harness/temporal.js';
import { freshFolder } from '../harness/threefold.js';
import { bearersOf, people, visitor, type Site } from './given.js';

/** Whether these tests run against two APIs and three workers on Temporal on Postgres, which end and start all the time. */
export const inCluster = process.env['THREEFOLD_TEST_SYSTEM'] === 'cluster';

/**
 * A site of several processes behind a router. Its `parts` are the test's own, on the same database and engine; what is counted
 * within one process (`statements`, `calls`) stays empty.
 */
export async function startClusterSite({ worker }: { worker: boolean }): Promise<Site> {
  const folder = freshFolder();
  const [databaseUrl, place] = [await freshDatabase(), await freshNamespace()];
  const keys = ensureKeys(folder);
  const parts = openParts({ databaseUrl, temporal: place, masterKey: readMasterKey(keys.master), commandKey: readPrivateKey(keys.command), bundle });
  const cluster = await startCluster({ setUp: { databaseUrl, temporal: place, folder } });
  const bearers = await bearersOf(parts, {}, createPrivateKey(readFileSync(keys.token)));
  const site: Site = {
    parts, place, databaseUrl, statements: [], calls: [],
    url: () => cluster.apis.find((one) => one.isRunning())?.url ?? '',
    ...visitor(parts, bearers, cluster.send),
    async startWorker() {
      await cluster.startWorkers();
      return { ended: Promise.resolve(), isRunning: () => true, stop: () => cluster.stopWorkers() };
    },
    restartApi: () => cluster.restartApis(),
    async stop() {
      await cluster.stop();
      await parts.close();
      console.log(`cluster: ${JSON.stringify(chaos.done)}`);
    },
  };
  if (worker) await cluster.startWorkers();
  for (const who of Object.keys(people)) await site.call(who, 'GET', '/v1/taxonomies');
  const chaos = cluster.rage();
  return site;
}
