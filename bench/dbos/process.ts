import { randomUUID } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import express from 'express';
import { z } from 'zod';
import { filing } from '../cases/filing.js';
import { course } from '../cases/course.js';
import { serverOf } from '../../api/http/server.js';
import { portOf } from '../../bin/health.js';
import { Intake } from '../../domain/complaint/schema.js';
import { closedLoop, type Load } from '../load/closedLoop.js';
import { usedUp } from '../cases/pool.js';
import { complaint, startOnly, type Command } from './workflows.js';

const QUEUE = 'bench';
const Order = z.object({ what: z.enum(['start', 'start and wait', 'enqueue', 'command', 'settle']), callers: z.number(), seconds: z.number() });

// As its documentation has it: a process that registers workflows, launches, and starts them.
DBOS.setConfig({ name: 'bench', systemDatabaseUrl: process.env['DBOS_URL'] ?? '', logLevel: 'error' });
await DBOS.launch();
await DBOS.registerQueue(QUEUE);

const waiting: string[] = [];
const ready = () => usedUp(course.length, open, () => Promise.resolve());
let cases = ready();

async function begin(workflowID: string, start: object): Promise<void> {
  await DBOS.startWorkflow(complaint, { workflowID })(start);
  waiting.push(workflowID);
}

async function open(): Promise<string> {
  const workflowID = randomUUID();
  await begin(workflowID, filing());
  return workflowID;
}

const does: Record<z.infer<typeof Order>['what'], (load: Load) => Promise<unknown>> = {
  start: (load) => closedLoop(load, () => DBOS.startWorkflow(startOnly, { workflowID: randomUUID() })(filing())),
  'start and wait': (load) => closedLoop(load, open),
  enqueue: (load) => closedLoop(load, () => DBOS.startWorkflow(startOnly, { workflowID: randomUUID(), queueName: QUEUE })(filing())),
  async command(load) {
    await cases.prepare(load);
    const slice = await closedLoop(load, async (caller) => {
      const { one } = cases.next(caller);
      const id = randomUUID();
      await DBOS.send<Command>(one, { id, name: 'act' }, 'command', id);
      if ((await DBOS.getEvent(one, id, { timeoutSeconds: 30 })) === null) throw new Error('no answer in 30 s');
    });
    cases.fast(slice.latencies.length / slice.seconds);
    return slice;
  },
  async settle() {
    for (const one of waiting.splice(0)) await DBOS.send<Command>(one, { id: 'end', name: 'end', end: true }, 'command');
    // those that were made ready have ended with the others, and would answer nothing
    cases = ready();
    await left();
  },
};

/** Waits until nothing runs or waits in the queue. */
async function left(): Promise<void> {
  for (let open = 1; open > 0; ) {
    open = (await DBOS.listWorkflows({ status: ['PENDING', 'ENQUEUED'], limit: 1, loadInput: false, loadOutput: false })).length;
  }
}

const app = express().disable('x-powered-by').post('/complaints', express.json(), async (request, response) => {
  const handle = await DBOS.startWorkflow(startOnly, { workflowID: request.get('Idempotency-Key') ?? randomUUID() })(Intake.parse(request.body));
  response.status(201).location(`/complaints/${handle.workflowID}`).json({ id: handle.workflowID });
});
// what Threefold's API brings along is not loaded beside the bare starts
const isBare = process.env['DATABASE_URL'] === undefined;
const server = isBare ? serverOf(app) : await import('./sameCase.js').then(({ sameCase }) => sameCase(process.env, begin));
server.listen(0, '127.0.0.1', () => process.send?.({ port: portOf(server) }));

process.on('message', (message) => {
  const { what, ...load } = Order.parse(message);
  does[what](load).then(
    (slice) => process.send?.({ slice: slice ?? null }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.once('SIGTERM', () => process.exit());
process.once('disconnect', () => process.exit());
