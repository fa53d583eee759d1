import type { ConnectionLike } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { encodeSearchAttributeIndexedValueType, SearchAttributeType } from '@temporalio/common/lib/search-attributes.js';
import type { ComplaintStart } from '../workflows/messages.js';
import { grpcStatus, statusIn } from './grpc.js';

const tier = defineSearchAttributeKey('ThreefoldTier', SearchAttributeType.KEYWORD);
const channel = defineSearchAttributeKey('ThreefoldChannel', SearchAttributeType.KEYWORD);
const receivedAt = defineSearchAttributeKey('ThreefoldReceivedAt', SearchAttributeType.DATETIME);
const all = [tier, channel, receivedAt];

/** Their types by name, as the engine counts types. */
export const searchAttributeTypes: Record<string, number> = Object.fromEntries(
  all.map(({ name, type }) => [name, encodeSearchAttributeIndexedValueType(type) ?? 0]),
);

/** As a person registers them: name and type. */
export const searchAttributeNames = all.map(({ name, type }) => `${name} (${type === 'KEYWORD' ? 'Keyword' : 'Datetime'})`);

/** What complaints are found by in the engine itself (`temporal workflow list`): as they were received, set at the start for good. */
export function searchAttributesOf({ events }: Pick<ComplaintStart, 'events'>): SearchAttributePair[] {
  const received = events.find((event) => event.type === 'received');
  if (received?.type !== 'received') return [];
  return [
    { key: tier, value: received.data.tier },
    { key: channel, value: received.data.channel },
    { key: receivedAt, value: new Date(received.data.receivedAt) },
  ];
}

/** A search attribute that a namespace does not have, or has under another type: a server then refuses to start complaints. */
export interface Lacking {
  name: string;
  type: SearchAttributeType;
  mistyped: boolean;
}

export async function lackingSearchAttributes(connection: Pick<ConnectionLike, 'operatorService'>, namespace: string): Promise<Lacking[]> {
  const listed = await connection.operatorService.listSearchAttributes({ namespace });
  const customAttributes: Record<string, number> = listed.customAttributes;
  return all
    .filter(({ name }) => customAttributes[name] !== searchAttributeTypes[name])
    .map(({ name, type }) => ({ name, type, mistyped: name in customAttributes }));
}

/** An attribute of our name is there under another type: nothing registers it, and no complaint can be started. */
export class Mistyped extends Error {
  override readonly name = 'Mistyped';
}

/**
 * Registers what the namespace does not have yet, and answers its names. Safe to call from several processes at once, and again.
 * Throws `Mistyped`.
 */
export async function registerSearchAttributes(connection: Pick<ConnectionLike, 'operatorService'>, namespace: string): Promise<string[]> {
  const all = await lackingSearchAttributes(connection, namespace);
  const mistyped = all.filter((one) => one.mistyped).map(({ name, type }) => `${name} is not of type ${type}`);
  if (mistyped.length > 0) throw new Mistyped(mistyped.join(', '));
  const lacking = all.map(({ name }) => name);
  if (lacking.length === 0) return [];
  const searchAttributes = Object.fromEntries(Object.entries(searchAttributeTypes).filter(([name]) => lacking.includes(name)));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  return lacking;
}

/** Whether the server does not tell which attributes there are, or not to us (an authorizer, a proxy): nothing is known then. */
export function isUntold(error: unknown): boolean {
  const status = statusIn(error);
  return status === grpcStatus.permissionDenied || status === grpcStatus.unimplemented;
}
