import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { ensureNamespace } from '../../bin/namespace.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Address and namespace of a corner of the shared Temporal server. */
export interface Place {
  address: string;
  namespace: string;
}

/** A namespace of one's own on the shared Temporal server, ready to use, with its search attributes. */
export async function freshNamespace(): Promise<Place> {
  const place = { address: inject('shared').temporal, namespace: `t-${randomUUID()}` };
  const connection = await Connection.connect({ address: place.address });
  try {
    await ensureNamespace(connection, place.namespace, DAY_MS);
  } finally {
    await connection.close();
  }
  return place;
}
