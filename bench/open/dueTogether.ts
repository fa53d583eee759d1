import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Policy } from '../../domain/policy/schema.js';
import { nextDeadline } from '../../domain/complaint/deadlines.js';
import type { Complaint } from '../../domain/complaint/state.js';
import { filing } from '../cases/filing.js';
import { idIn } from '../cases/desk.js';
import type { Setting } from '../setting.js';
import { drained, quiet } from '../system/quiet.js';

const MAKERS = 16;
/** of the way to the deadline, how much may be used for filing */
const PART = 0.8;
const LOOK_MS = 100;
const PATIENCE_MS = 120_000;

export interface DueTogether {
  cases: number;
  /** seconds after the deadline at which half of the events, and all of them, were in the record; null: not all within two minutes */
  half: number | null;
  all: number | null;
}

/** Cases whose first deadline is the same instant: how late what they then do by themselves is in the record. */
export async function measureDueTogether({ desk, pool, system, say }: Setting, count: number): Promise<DueTogether> {
  const gap = await firstGap(desk, pool);
  // received at one instant a while ago, so that the deadline comes soon, and not before all are filed
  const receivedAt = new Date(Date.now() - gap * (1 - PART)).toISOString();
  const due = Date.parse(receivedAt) + gap;
  const ids: string[] = [];
  let left = count;
  await Promise.all(Array.from({ length: MAKERS }, async () => {
    while (left-- > 0 && Date.now() < due - 5000) ids.push(idIn(await desk.post('web', '/v1/complaints', { ...filing(), receivedAt }, 201)));
  }));
  await drained(pool);
  await quiet(system, pool);
  say(`open: ${ids.length} cases are due in ${((due - Date.now()) / 1000).toFixed(0)} s`);
  if (Date.now() > due) throw new Error('the cases were not filed before they were due');
  await pause(due - Date.now());
  let half: number | null = null;
  for (;;) {
    const { rows } = await pool.query<{ fired: number }>(
      `SELECT count(DISTINCT complaint)::int AS fired FROM event WHERE complaint = ANY($1::uuid[]) AND at = $2::timestamptz`,
      [ids, new Date(due).toISOString()],
    );
    const fired = rows[0]?.fired ?? 0;
    const late = (Date.now() - due) / 1000;
    if (half === null && fired >= ids.length / 2) half = late;
    if (fired === ids.length) return { cases: ids.length, half, all: late };
    if (late * 1000 > PATIENCE_MS) return { cases: ids.length, half, all: null };
    await pause(LOOK_MS);
  }
}

/** How long after its receipt a case does something by itself for the first time, in milliseconds. */
async function firstGap(desk: Setting['desk'], pool: Setting['pool']): Promise<number> {
  const id = await desk.file();
  const { rows } = await pool.query<{ state: Complaint }>('SELECT state FROM complaint WHERE id = $1', [id]);
  const policy = Policy.parse(z.looseObject({ policy: z.unknown() }).parse((await pool.query('SELECT policy FROM policy ORDER BY published_at DESC LIMIT 1')).rows[0]).policy);
  const [row] = rows;
  const next = row ? nextDeadline(row.state, policy) : null;
  if (!row || next === null) throw new Error('a case that was just filed waits for nothing');
  return Date.parse(next) - Date.parse(row.state.receivedAt);
}
