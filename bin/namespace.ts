import { setTimeout as pause } from 'node:timers/promises';
import { Connection, isGrpcServiceError } from '@temporalio/client';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import { grpcStatus, statusIn } from '../engine/grpc.js';
import { isUntold, Mistyped, registerSearchAttributes, searchAttributeNames } from '../engine/searchAttributes.js';
import { failed } from './exit.js';
import { connectionOptions, type TemporalPlace } from './temporal.js';

const USABLE_MS = 90_000;
const DAY_MS = 24 * 60 * 60 * 1000;
export const TEN_YEARS_MS = 3650 * DAY_MS;

/**
 * Makes the namespace unless it is there, keeping closed histories for ten years, waits until it can be used, and registers what
 * complaints are found by. Safe to call again.
 */
export async function ensureNamespace(connection: Connection, namespace: string, retentionMs = TEN_YEARS_MS): Promise<void> {
  await makeNamespace(connection, namespace, retentionMs);
  await registerSearchAttributes(connection, namespace);
}

async function makeNamespace(connection: Connection, namespace: string, retentionMs: number): Promise<void> {
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msNumberToTs(retentionMs) });
  } catch (error) {
    if (statusIn(error) !== grpcStatus.alreadyExists) throw error;
  }
  await usable(connection, namespace);
}

/**
 * Registers in a namespace what complaints are found by, and answers the names of what was not there yet; null where the server does
 * not tell what is there, which then is for whoever runs it. With `create`, makes the namespace where it is not there. Throws `Exit` 1
 * with what to do.
 */
export async function prepareNamespace(place: TemporalPlace, { create }: { create: boolean }): Promise<string[] | null> {
  const { address, namespace } = place;
  const connection = await Connection.connect(connectionOptions(place)).catch((error: unknown) => {
    throw failed(`The Temporal server at ${address} does not answer (${reasonOf(error)}).`);
  });
  try {
    if (create) await makeNamespace(connection, namespace, TEN_YEARS_MS);
    return await registerSearchAttributes(connection, namespace);
  } catch (error) {
    if (error instanceof Mistyped) throw failed(`In ${namespace} ${error.message}: remove it there ("temporal operator search-attribute remove"), and migrate again.`);
    if (isUntold(error)) return null;
    if (statusIn(error) === grpcStatus.notFound) throw failed(`There is no Temporal namespace ${namespace}: make it with a retention of years, or run "threefold migrate --create-namespace".`);
    throw failed(`The search attributes ${searchAttributeNames.join(', ')} could not be registered in ${namespace} (${reasonOf(error)}): whoever runs the Temporal server has to.`);
  } finally {
    await connection.close();
  }
}

function reasonOf(error: unknown): string {
  if (isGrpcServiceError(error)) return error.details;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown';
}

/** How long a namespace keeps the histories of what has ended, in days; null where there is no such namespace. */
export async function retentionDays(connection: Connection, namespace: string): Promise<number | null> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1000) / DAY_MS;
  } catch (error) {
    if (statusIn(error) === grpcStatus.notFound) return null;
    throw error;
  }
}

/** The server learns of a new namespace with a delay; until then whatever uses it is told "not found". */
async function usable(connection: Connection, namespace: string): Promise<void> {
  const until = Date.now() + USABLE_MS;
  for (;;) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace });
      return;
    } catch (error) {
      if (statusIn(error) !== grpcStatus.notFound || Date.now() > until) throw error;
      await pause(50);
    }
  }
}
