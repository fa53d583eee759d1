import { isGrpcServiceError, type ConnectionLike } from '@temporalio/client';
import type { Logger } from 'pino';
import { grpcStatus, statusIn } from '../engine/grpc.js';
import { lackingSearchAttributes } from '../engine/searchAttributes.js';
import { within } from '../engine/within.js';
import type { Parts } from './parts.js';

/** `absent`: it answers, but has no such namespace. `unprepared`: that lacks what complaints are found by, so none can be started. */
export type EngineStanding = 'up' | 'unprepared' | 'absent';

/** Asks the engine how it stands; throws when it does not answer within a second. */
export type EngineProbe = () => Promise<EngineStanding>;

const PROBE_MS = 1000;

/** What was found prepared once stays so. */
export function createEngineProbe({ connection, client }: Pick<Parts, 'connection' | 'client'>): EngineProbe {
  let standing: EngineStanding = 'absent';
  const soon = <T>(call: () => Promise<T>) => connection.withDeadline(Date.now() + PROBE_MS, call);
  return async () => {
    await soon(() => connection.workflowService.getSystemInfo({}));
    if (standing !== 'up') standing = await soon(() => standingOf(connection, client.options.namespace));
    return standing;
  };
}

/** A server that does not tell, or not to us, is taken to be prepared: what it refuses is seen then. */
async function standingOf(connection: ConnectionLike, namespace: string): Promise<EngineStanding> {
  try {
    return (await lackingSearchAttributes(connection, namespace)).length === 0 ? 'up' : 'unprepared';
  } catch (error) {
    return statusIn(error) === grpcStatus.notFound ? 'absent' : 'up';
  }
}

/** Waits until the engine answers and has the namespace, and says each time why not; false when the process is told to stop first. */
export async function engineAnswers(probe: EngineProbe, stopped: Promise<void>, log: Logger): Promise<boolean> {
  for (;;) {
    const found = await Promise.race([probe().catch(reasonOf), stopped.then(() => 'stopped' as const)]);
    if (found === 'stopped') return false;
    if (found === 'unprepared') log.error('the namespace lacks search attributes, so no complaint can be started: run "threefold migrate"');
    if (found === 'up' || found === 'unprepared') return true;
    if (found === 'absent') log.error('the namespace is not there yet: make it, or run "threefold migrate --create-namespace"');
    else log.warn(found, 'the engine does not answer yet');
    await within(BETWEEN_MS, stopped);
  }
}

const BETWEEN_MS = 2000;

function reasonOf(error: unknown): { reason: string } {
  return { reason: isGrpcServiceError(error) ? error.details : error instanceof Error ? error.name : 'unknown' };
}
