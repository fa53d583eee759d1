import { createPrivateKey } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pino from 'pino';
import { createActivities } from '../../activities/index.js';
import { openParts, type Parts } from '../../bin/parts.js';
import { startWorker } from '../../bin/worker.js';
import { createEngine } from '../../engine/create.js';
import type { ComplaintRequest } from '../../engine/engine.js';
import { createInform } from '../../engine/news.js';
import { createSweeper } from '../../engine/sweeper.js';
import type { Temporal } from '../../engine/temporal.js';
import type { Place } from './temporal.js';

/** A process of Threefold that kills itself at a point of its work, as SIGKILL does: nothing runs after it. */
export type Point =
  'intent committed' | 'update accepted' | 'answer received' | 'outcome committed' | 'before recording' | 'after recording';

export interface Order {
  databaseUrl: string;
  place: Place;
  masterKey: string;
  commandKey: string;
  bundle: string;
  point: Point | null;
  /** what an API does; a worker runs without */
  request: ComplaintRequest | null;
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

const order = JSON.parse(process.env['ORDER'] ?? '{}') as Order;
const parts = openParts({
  databaseUrl: order.databaseUrl,
  temporal: order.place,
  bundle: order.bundle,
  masterKey: Buffer.from(order.masterKey, 'base64'),
  commandKey: createPrivateKey(order.commandKey),
});
if (order.request) await actAsApi(parts, order.point, order.request);
else await actAsWorker(parts, order);

async function actAsApi(whole: Parts, point: Point | null, request: ComplaintRequest): Promise<void> {
  const deps = { ...whole, temporal: mortal(whole, point) };
  const engine = createEngine(deps, createSweeper(deps, { everyMs: null }));
  await engine.command(request);
  die();
}

function mortal(whole: Parts, point: Point | null): Temporal {
  const { temporal } = whole;
  return {
    ...temporal,
    async update(subject, id, sent) {
      if (point === 'intent committed') die();
      const answer = temporal.update(subject, id, sent);
      if (point === 'update accepted') {
        answer.catch(() => undefined);
        for (;;) {
          const { events } = await whole.client.workflow.getHandle(`${subject}-${id}`).fetchHistory();
          if (
            events?.some(
              (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.meta?.updateId === sent.command.id,
            )
          )
            die();
          await wait(5);
        }
      }
      const answered = await answer;
      if (point === 'answer received') die();
      return answered;
    },
  };
}

async function actAsWorker(whole: Parts, { place, point, bundle }: Order): Promise<void> {
  const activities = createActivities({ database: whole.database, inform: createInform(whole) });
  await startWorker(whole, place, pino({ level: 'silent' }), {
    bundle,
    sweepEveryMs: 300,
    activities: {
      ...activities,
      async record(recording) {
        if (point === 'before recording') die();
        await activities.record(recording);
        if (point === 'after recording') die();
      },
    },
  });
  process.stdout.write('running\n');
}
