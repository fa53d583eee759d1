import { NativeConnection, Worker, type InjectedSinks } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities, type Activities } from '../activities/index.js';
import { openTransports } from '../deliveries/open.js';
import { TASK_QUEUE } from '../engine/ids.js';
import { createInform } from '../engine/news.js';
import { within } from '../engine/within.js';
import type { EventSinks } from '../workflows/proxies.js';
import { nameOf, startBackground, type BackgroundOptions } from './background.js';
import { BUNDLE } from './bundle.js';
import { CACHED_WORKFLOWS, readWorkerConfiguration, type Environment } from './configuration.js';
import { createEngineProbe, engineAnswers } from './engineProbe.js';
import { startHealth } from './health.js';
import { workerInstruments, type Instruments } from './instruments.js';
import { openLog } from './log.js';
import { untilKeyFits } from './masterKey.js';
import { openParts, type Parts } from './parts.js';
import { installRuntime } from './runtime.js';
import { compressionTo, connectionOptions, type TemporalPlace } from './temporal.js';
import { endWithin, untilStopped } from './stopping.js';

/** Runs the worker process until it is told to stop. Throws `Exit` 2 when the environment is not right. */
export async function runWorker(env: Environment): Promise<void> {
  const configuration = readWorkerConfiguration(env);
  const stopped = untilStopped();
  const log = openLog('worker', configuration.logLevel);
  const instruments = await workerInstruments(configuration);
  const { poolSize, cachedWorkflows: maxCachedWorkflows, startsPerSecond, graceSeconds } = configuration;
  const parts = openParts({ ...configuration, bundle: BUNDLE, log, instruments, database: { poolSize } });
  const transports = openTransports(parts, configuration.transports);
  const probe = createEngineProbe(parts);
  let running: RunningWorker | null = null;
  let stopping = false;
  const health = configuration.health && (await startHealth({
    ...configuration.health,
    isRunning: () => running?.isRunning() ?? false,
    isStopping: () => stopping,
    database: () => parts.database.query`SELECT 1`,
    engine: probe,
    metrics: instruments.metrics,
  }));
  if (health) log.info({ port: health.port }, 'worker answers about itself');
  try {
    const fits = untilKeyFits(parts, stopped).then(() => stopped);
    if (!(await Promise.race([engineAnswers(probe, stopped, log), fits.then(() => false)]))) return;
    running = await startWorker(parts, configuration.temporal, log, {
      maxCachedWorkflows, startsPerSecond, graceSeconds, instruments, transports,
    });
    await Promise.race([stopped, running.ended, fits]);
  } finally {
    stopping = true;
    log.info('worker stops');
    endWithin((1.5 * graceSeconds + FORCE_AFTER_SECONDS + LEFT_SECONDS) * 1000);
    await running?.stop();
    transports?.close();
    await parts.close();
    await health?.stop();
    await instruments.close?.();
  }
}

/** For closing the connections. */
const LEFT_SECONDS = 5;

export interface RunningWorker {
  /** settles when the worker runs no more; throws where that was not asked for */
  ended: Promise<void>;
  /** whether it takes tasks */
  isRunning(): boolean;
  /** lets go of what is under way: the background work, then the worker itself, then its connection */
  stop(): Promise<void>;
}

export interface WorkerStart extends BackgroundOptions {
  activities?: Activities | undefined;
  /** path of the workflow bundle */
  bundle?: string | undefined;
  maxCachedWorkflows?: number | undefined;
  /** how long activities under way may go on after a stop */
  graceSeconds?: number | undefined;
  instruments?: Instruments | undefined;
}

/** A worker with all that it does: workflows and activities, and the work in the background. */
export async function startWorker(parts: Parts, place: TemporalPlace, log: Logger, start: WorkerStart = {}): Promise<RunningWorker> {
  const { maxCachedWorkflows = CACHED_WORKFLOWS, graceSeconds = 10, instruments = {} } = start;
  const { bundle = instruments.bundle ?? BUNDLE } = start;
  const { database, recall } = parts;
  const { onRecorded } = instruments;
  const { activities = createActivities({ database, inform: createInform(parts), recall, onRecorded }) } = start;
  installRuntime(log, instruments.runtime);
  const connection = await NativeConnection.connect({ ...connectionOptions(place), ...compressionTo(place.address) });
  const sinks: InjectedSinks<EventSinks> = { events: { emit: { fn: () => undefined, callDuringReplay: false } } };
  const worker = await Worker.create({
    connection,
    namespace: place.namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath: bundle },
    activities,
    ...instruments.worker,
    sinks: { ...instruments.worker?.sinks, ...sinks },
    shutdownGraceTime: graceSeconds * 1000,
    shutdownForceTime: (graceSeconds + FORCE_AFTER_SECONDS) * 1000,
    maxCachedWorkflows,
    // how long a case waits for the worker that had it in memory when that has died; 10 s unless told
    stickyQueueScheduleToStartTimeout: '3s',
  });
  const ended = worker.run();
  // whoever waits for it is told; nobody has to wait
  ended.catch(() => undefined);
  const background = startBackground(parts, log, start);
  log.info('worker is running');
  return {
    ended,
    isRunning: () => worker.getState() === 'RUNNING',
    async stop() {
      // what the background asks of cases this worker itself may have to answer: it goes first, but not for ever
      await within(graceSeconds * 500, background.stop());
      if (worker.getState() === 'RUNNING') worker.shutdown();
      try {
        await ended;
        await connection.close();
      } catch (error) {
        log.warn({ error: nameOf(error) }, 'worker did not stop in good order');
      }
    },
  };
}

/** An activity that does not let go when it is told to is cut this long after the grace. */
const FORCE_AFTER_SECONDS = 3;
