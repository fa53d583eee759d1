import { apiProcess, workerProcess, type ApiProcess, type Process, type SetUp } from './processes.js';
import { startChaos, type Chaos } from './chaos.js';
import { createRouter, type Send } from './router.js';
import { seeded } from './seeded.js';

/** Several processes of each kind on one database and one engine, behind a router that asks any of them. */
export interface Cluster {
  setUp: SetUp;
  apis: readonly ApiProcess[];
  workers: readonly Process[];
  send: Send;
  startWorkers(): Promise<void>;
  stopWorkers(): Promise<void>;
  restartApis(): Promise<void>;
  /** from now on processes end and start */
  rage(): Chaos;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  setUp: SetUp;
  apis?: number;
  workers?: number;
  /** of everything that is left to chance; told, so that a run can be repeated */
  seed?: number;
}

/** Starts the APIs; the workers are started by `startWorkers`. */
export async function startCluster({ setUp, apis: apiCount = 2, workers: workerCount = 3, seed = seedOf(process.env['THREEFOLD_TEST_SEED']) }: ClusterOptions): Promise<Cluster> {
  console.log(`cluster: THREEFOLD_TEST_SEED=${String(seed)}`);
  const own: SetUp = { ...setUp, env: { THREEFOLD_POOL_SIZE: '5', ...setUp.env } };
  const apis = await Promise.all(Array.from({ length: apiCount }, (_, i) => apiProcess(`api-${String(i + 1)}`, own)));
  const workers = Array.from({ length: workerCount }, (_, i) => workerProcess(`worker-${String(i + 1)}`, own));
  let working = false;
  let chaos: Chaos | null = null;
  await Promise.all(apis.map((one) => one.start()));

  async function stopWorkers(): Promise<void> {
    working = false;
    await Promise.all(workers.map((one) => one.stop()));
  }
  return {
    setUp: own, apis, workers,
    send: createRouter(apis, seeded(seed)),
    async startWorkers() {
      working = true;
      await Promise.all(workers.map((one) => one.start()));
    },
    stopWorkers,
    async restartApis() {
      for (const one of apis) {
        await one.stop();
        await one.start();
      }
    },
    rage() {
      chaos ??= startChaos([apis, workers], seeded(seed + 1), (one) => working || !workers.includes(one));
      return chaos;
    },
    async stop() {
      await chaos?.stop();
      await Promise.all([...apis.map((one) => one.stop()), stopWorkers()]);
    },
  };
}

function seedOf(given: string | undefined): number {
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}
