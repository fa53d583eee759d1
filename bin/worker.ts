import { NativeConnection, Worker, type InjectedSinks } from '@temporalio/worker';
import pino, { type Logger } from 'pino';
import { createActivities } from '../activities/index.js';
import { startArchive } from '../audit/archive.js';
import { TASK_QUEUE } from '../engine/ids.js';
import { createInform } from '../engine/news.js';
import { createSweeper } from '../engine/sweeper.js';
import type { EventSinks } from '../workflows/proxies.js';
import { BUNDLE } from './bundle.js';
import { readWorkerConfiguration, type Environment, type WorkerConfiguration } from './configuration.js';
import { openParts, type Parts } from './parts.js';
import { installRuntime } from './runtime.js';
import { untilStopped } from './untilStopped.js';

/** Runs the worker process until it is told to stop. Throws `Exit` 2 when the environment is not right. */
export async function runWorker(env: Environment): Promise<void> {
  const configuration = readWorkerConfiguration(env);
  const stopped = untilStopped();
  const log = pino({ name: 'worker' });
  const parts = openParts({ ...configuration, bundle: BUNDLE, log });
  const running = await startWorker(parts, configuration.temporal, log);
  await stopped;
  await running.stop();
  await parts.close();
}

export interface RunningWorker {
  /** lets go of what is under way: the sweeper, the archive, then the worker itself */
  stop(): Promise<void>;
}

/** A worker with its sweepers: workflows and activities, open intents, histories to be stored. */
export async function startWorker(
  parts: Parts,
  { address, namespace }: WorkerConfiguration['temporal'],
  log: Logger,
  {
    sweepEveryMs = 1000,
    archiveEveryMs = 2000,
    activities = createActivities({ database: parts.database, inform: createInform(parts) }),
    bundle = BUNDLE,
    maxCachedWorkflows = 2000,
  } = {},
): Promise<RunningWorker> {
  installRuntime(log);
  const connection = await NativeConnection.connect({ address });
  const sinks: InjectedSinks<EventSinks> = { events: { emit: { fn: () => undefined, callDuringReplay: false } } };
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath: bundle },
    activities,
    sinks,
    shutdownGraceTime: '10s',
    maxCachedWorkflows,
    // how long a case waits for the worker that had it in memory when that has died; 10 s unless told
    stickyQueueScheduleToStartTimeout: '3s',
  });
  const run = worker.run();
  const failed = (what: string) => (about: unknown, error: unknown) => {
    log.warn({ about, error: nameOf(error) }, what);
  };
  const sweeper = createSweeper(parts, {
    everyMs: sweepEveryMs,
    onFailure: (intent, error) => {
      failed('intent left open')(intent?.id, error);
    },
  });
  const archive = startArchive({ ...parts, everyMs: archiveEveryMs, onFailure: failed('history not stored yet') });
  log.info('worker is running');
  return {
    async stop() {
      await Promise.all([sweeper.stop(), archive.stop()]);
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await run;
      await connection.close();
    },
  };
}

/** What may stand in a log: the kind of an error, never its text, which may quote words. */
function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}${error.cause instanceof Error ? ` (${error.cause.name})` : ''}` : 'unknown';
}
