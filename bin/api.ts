import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { TokenVerifier } from '../api/access/tokens.js';
import { createApi } from '../api/create.js';
import { serverOf } from '../api/http/server.js';
import { createEngine } from '../engine/create.js';
import { createQueue } from '../engine/queue.js';
import { watchRush } from '../engine/rush.js';
import { createSweeper } from '../engine/sweeper.js';
import { within } from '../engine/within.js';
import { idsOf, nameOf } from './background.js';
import { BUNDLE } from './bundle.js';
import { readApiConfiguration, type Environment } from './configuration.js';
import { createEngineProbe } from './engineProbe.js';
import { portOf } from './health.js';
import { apiInstruments, type Instruments } from './instruments.js';
import { openLog } from './log.js';
import { untilKeyFits } from './masterKey.js';
import { openParts, type Parts } from './parts.js';
import { endWithin, untilStopped } from './stopping.js';
import { verifierOf } from './verifier.js';
import { version } from './version.js';

/** Runs the API process until it is told to stop. Throws `Exit` 2 when the environment is not right. */
export async function runApi(env: Environment): Promise<void> {
  const configuration = readApiConfiguration(env);
  const stopped = untilStopped();
  const log = openLog('api', configuration.logLevel);
  const instruments = await apiInstruments(configuration.tracing);
  const { poolSize, drainSeconds, graceSeconds, tokens } = configuration;
  const parts = openParts({ ...configuration, bundle: BUNDLE, log, instruments, database: { poolSize } });
  const fits = untilKeyFits(parts, stopped);
  let running: RunningApi | null = null;
  try {
    // with a database that does not answer it listens all the same, and says so
    await within(FIRST_LOOK_MS, fits);
    let hasKey = false;
    fits.then((fit) => { hasKey = fit; }, () => undefined);
    running = await startApi(parts, { ...configuration, tokens: verifierOf(tokens), instruments, mayServe: () => hasKey }, log);
    log.info({ port: running.port }, 'api is listening');
    await Promise.race([stopped, fits.then(() => stopped)]);
  } finally {
    log.info('api stops');
    endWithin((drainSeconds + graceSeconds + LEFT_SECONDS) * 1000);
    await running?.stop();
    await parts.close();
    await instruments.close?.();
  }
}

const FIRST_LOOK_MS = 1000;
/** For what requests have left to do in the background, and for closing the connections. */
const LEFT_SECONDS = 5;

export interface RunningApi {
  /** the port it listens on, also when any free one was asked for */
  port: number;
  /** says that it is not ready any more, takes no new requests, and waits for those under way and what they have left to do */
  stop(): Promise<void>;
}

export interface ApiStart {
  host: string;
  port: number;
  tokens: TokenVerifier;
  /** proxies before it, whose word about the caller's address is taken */
  trustProxy?: number | undefined;
  /** how long it goes on answering after a stop, for balancers to see that it is not ready any more */
  drainSeconds?: number | undefined;
  /** how long requests under way may take after that */
  graceSeconds?: number | undefined;
  instruments?: Instruments | undefined;
  /** until then it answers as if the database were away: nothing is written under a master key that may be another one's */
  mayServe?: (() => boolean) | undefined;
}

/** The API over its parts, listening. */
export async function startApi(parts: Parts, start: ApiStart, log: Logger): Promise<RunningApi> {
  const { host, port, tokens, trustProxy = 0, drainSeconds = 0, graceSeconds = 10, instruments = {}, mayServe = () => true } = start;
  let stopping = false;
  const sweeper = createSweeper(parts, {
    everyMs: null,
    // who waits for an answer goes before what was filed: in an outbreak the workers start what is left, at their pace
    atOnce: 2,
    isBusy: () => isRush(),
    queue: createQueue(parts.client),
    onFailure: (intent, error) => {
      log.warn({ ...idsOf(intent), error: nameOf(error) }, 'intent left to the sweepers');
    },
  });
  const { engine, isRush } = watchRush(createEngine(parts, sweeper), RUSH);
  const app = createApi({
    ...parts,
    tokens,
    trustProxy,
    log,
    engine: instruments.engine?.(engine) ?? engine,
    watch: instruments.watch,
    probeEngine: createEngineProbe(parts),
    mayServe,
    health: { isStopping: () => stopping, metrics: instruments.metrics },
    info: { version },
  });
  const server = serverOf(app);
  // a client that keeps its connection learns that it is not to be used again
  server.prependListener('request', (_request, response) => {
    if (stopping) response.setHeader('Connection', 'close');
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: portOf(server),
    async stop() {
      stopping = true;
      if (drainSeconds > 0 && mayServe()) await pause(drainSeconds * 1000);
      await drained(server, graceSeconds * 1000);
      await sweeper.stop();
    },
  };
}

/** While so many callers wait for the engine or an intake, and a moment after intakes, the starts of what was filed are held back. */
const RUSH = { callers: 4, restMs: 250 };

/** A connection falls idle when its last request is answered, and is then closed. */
const LOOK_MS = 50;

/** Takes no more connections and waits for the requests under way; those that outlast the grace are cut. */
async function drained(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_MS);
  const patience = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(patience);
}
