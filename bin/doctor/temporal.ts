import { once } from 'node:events';
import { connect } from 'node:net';
import { Connection, isGrpcServiceError } from '@temporalio/client';
import { TASK_QUEUE } from '../../engine/ids.js';
import { isUntold, lackingSearchAttributes, searchAttributeNames } from '../../engine/searchAttributes.js';
import { isPolled } from '../embedded/temporalServer.js';
import { retentionDays } from '../namespace.js';
import { connectionOptions } from '../temporal.js';
import type { Examined } from './examined.js';
import { ok, reasonOf, warning, wrong, type Finding } from './finding.js';

const PATIENCE_MS = 5000;
const YEAR_DAYS = 365;

/** The engine: reachable, its namespace prepared, and somebody there who does its work. */
export async function checkTemporal({ temporal }: Examined): Promise<Finding[]> {
  if (temporal === null) return [];
  const { address, namespace } = temporal;
  const connection = Connection.lazy({ ...connectionOptions(temporal), connectTimeout: PATIENCE_MS });
  const within = <T>(call: () => Promise<T>) => connection.withDeadline(Date.now() + PATIENCE_MS, call);
  try {
    await listens(address);
    const { serverVersion } = await within(() => connection.workflowService.getSystemInfo({}));
    const days = await within(() => retentionDays(connection, namespace));
    const server = ok('Temporal', `server ${serverVersion} at ${address}`);
    if (days === null) return [server, wrong('namespace', `there is no ${namespace}`, 'run "threefold migrate --create-namespace", or make it with a retention of years')];
    const attributes = await within(() => attributesOf(connection, namespace));
    return [server, retentionOf(namespace, days), attributes, await within(() => pollersOf(connection, namespace))];
  } catch (error) {
    const reason = isGrpcServiceError(error) ? error.details : reasonOf(error);
    return [wrong('Temporal', `${address} does not answer as it should: ${reason}`, 'see that it runs, and that TEMPORAL_ADDRESS, TEMPORAL_TLS… and TEMPORAL_API_KEY are right')];
  } finally {
    await connection.close();
  }
}

/** Throws what the network says: gRPC only says that time has run out. */
async function listens(address: string): Promise<void> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), signal: AbortSignal.timeout(PATIENCE_MS) });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

/** Threefold stores the history of each case that closes; until then, and for a second copy, it is the engine's. */
function retentionOf(namespace: string, days: number): Finding {
  const told = `${namespace} keeps what has ended for ${Math.round(days)} days`;
  if (days >= YEAR_DAYS) return ok('namespace', told);
  return warning('namespace', told, 'give it a retention of years where the server allows that: an audit replays histories');
}

async function attributesOf(connection: Connection, namespace: string): Promise<Finding> {
  const lacking = await lackingSearchAttributes(connection, namespace).catch((error: unknown) => {
    if (isUntold(error)) return null;
    throw error;
  });
  if (lacking === null) return warning('search attributes', 'the server does not tell which there are', `see that these are there: ${searchAttributeNames.join(', ')}`);
  const names = lacking.map(({ name, type, mistyped }) => `${name} (${type}${mistyped ? ', there under another type' : ''})`).join(', ');
  if (lacking.length === 0) return ok('search attributes', 'registered');
  const told = `not registered: ${names}; no complaint can be started`;
  if (lacking.some(({ mistyped }) => mistyped)) return wrong('search attributes', told, 'remove those of another type ("temporal operator search-attribute remove"), then run "threefold migrate"');
  return wrong('search attributes', told, 'run "threefold migrate", or have them registered by whoever runs the server');
}

async function pollersOf(connection: Connection, namespace: string): Promise<Finding> {
  if (await isPolled(connection, namespace, TASK_QUEUE)) return ok('workers', `the task queue ${TASK_QUEUE} is polled`);
  return warning('workers', `nobody polls the task queue ${TASK_QUEUE}`, 'start "threefold worker": until then complaints are taken, and nothing happens to them');
}
