import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { firstMessage, forkScript, stopChild } from '../system/child.js';
import type { System } from '../system/system.js';
import { BARE_QUEUE } from './queue.js';
import type { bare } from './workflow.js';

export type BareHandle = WorkflowHandle<typeof bare>;

/** What Threefold is compared with: Temporal's own client and a workflow that does nothing, on the same server and namespace. */
export interface Bare {
  /** the id is the workflow's */
  start(input: object): Promise<BareHandle>;
  update(handle: BareHandle): Promise<void>;
  signal(handle: BareHandle): Promise<void>;
  query(handle: BareHandle): Promise<void>;
  pids(): number[];
  scale(workers: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startBare({ temporal }: System): Promise<Bare> {
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const workers: ChildProcess[] = [];
  const environment = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };

  async function scale(count: number): Promise<void> {
    while (workers.length > count) {
      const last = workers.pop();
      if (last) await stopChild(last);
    }
    while (workers.length < count) {
      const worker = forkScript(new URL('process.ts', import.meta.url), environment);
      await firstMessage(worker);
      workers.push(worker);
    }
  }

  await scale(1);
  return {
    async start(input) {
      const workflowId = `bare-${randomUUID()}`;
      await client.workflow.start<typeof bare>('bare', { workflowId, taskQueue: BARE_QUEUE, args: [input], workflowIdReusePolicy: 'REJECT_DUPLICATE' });
      return client.workflow.getHandle<typeof bare>(workflowId);
    },
    async update(handle) {
      await handle.executeUpdate<number, [{ n: number }]>('act', { updateId: randomUUID(), args: [{ n: 1 }] });
    },
    signal: (handle) => handle.signal<[{ n: number }]>('poke', { n: 1 }),
    async query(handle) {
      await handle.query<number>('count');
    },
    pids: () => workers.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    scale,
    async stop() {
      await scale(0);
      await connection.close();
    },
  };
}
