import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { median } from '../figures/percentile.js';
import type { Setting } from '../setting.js';
import { drained, quiet } from '../system/quiet.js';
import { fileUnder, restFor } from './policies.js';

const MAKERS = 16;
/** from their receipt to their deadline: enough for filing all of them, and for starting them */
const REST_SECONDS = 150;
const REST_SECONDS_SHORT = 20;
const LOOK_MS = 100;
const SAMPLE = 200;
const PATIENCE_MS = 120_000;

export interface DueTogether {
  cases: number;
  /** seconds after the deadline at which half of a sample of the timers had fired, and all of it */
  fired: { half: number; all: number };
  /** seconds after the deadline at which half of the events, and all of them, were in the record; null: not all within two minutes */
  half: number | null;
  all: number | null;
}

/** Cases whose first deadline is the same instant: how late what they then do by themselves is in the record. */
export async function measureDueTogether({ desk, pool, system, say, options }: Setting, count: number): Promise<DueTogether> {
  const restSeconds = options.short ? REST_SECONDS_SHORT : REST_SECONDS;
  const policy = await restFor(desk, `PT${restSeconds}S`);
  const receivedAt = new Date().toISOString();
  const due = Date.parse(receivedAt) + restSeconds * 1000;
  const ids: string[] = [];
  let left = count;
  await Promise.all(Array.from({ length: MAKERS }, async () => {
    while (left-- > 0 && Date.now() < due - 5000) ids.push(await fileUnder(desk, policy, receivedAt));
  }));
  await drained(pool);
  if (!options.short) await quiet(system, pool);
  say(`open: ${ids.length} cases are due in ${((due - Date.now()) / 1000).toFixed(0)} s`);
  if (Date.now() > due) throw new Error('the cases were not filed before they were due');
  await pause(due - Date.now());
  const { half, all } = await recorded(pool, ids, due);
  return { cases: ids.length, fired: await firedAfter(desk, ids.slice(0, SAMPLE), due), half, all };
}

/** How long after the deadline half of the events, and all of them, are in the record, in seconds. */
async function recorded(pool: Setting['pool'], ids: readonly string[], due: number): Promise<Pick<DueTogether, 'half' | 'all'>> {
  let half: number | null = null;
  for (;;) {
    const { rows } = await pool.query<{ done: number }>(
      `SELECT count(DISTINCT complaint)::int AS done FROM event WHERE complaint = ANY($1::uuid[]) AND at = $2::timestamptz`,
      [ids, new Date(due).toISOString()],
    );
    const done = rows[0]?.done ?? 0;
    const late = (Date.now() - due) / 1000;
    if (half === null && done >= ids.length / 2) half = late;
    if (done === ids.length) return { half, all: late };
    if (late * 1000 > PATIENCE_MS) return { half, all: null };
    await pause(LOOK_MS);
  }
}

/** When the first timer of each of these cases fired, as its history tells, in seconds after the deadline. */
async function firedAfter(desk: Setting['desk'], ids: readonly string[], due: number): Promise<DueTogether['fired']> {
  const late: number[] = [];
  for (const id of ids) {
    const { events } = History.parse(JSON.parse(await desk.get('aud', `/v1/complaints/${id}/history`)));
    const fired = events.find((event) => event.eventType === 'EVENT_TYPE_TIMER_FIRED');
    late.push(fired ? (Date.parse(fired.eventTime) - due) / 1000 : Number.NaN);
  }
  late.sort((a, b) => a - b);
  return { half: median(late), all: Math.max(...late) };
}

const History = z.looseObject({ events: z.array(z.looseObject({ eventType: z.string(), eventTime: z.string() })) });
