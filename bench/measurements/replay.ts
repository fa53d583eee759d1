import { z } from 'zod';
import { close, followedUp } from '../cases/closing.js';
import { rateOf } from '../figures/rate.js';
import { closedLoop } from '../load/closedLoop.js';
import type { Section, Setting } from '../setting.js';
import { quiet } from '../system/quiet.js';

const CASES = 16;
const CASES_SHORT = 4;

const Replay = z.looseObject({ deterministic: z.boolean(), events: z.number(), differences: z.array(z.unknown()) });

/** Replays of closed cases over HTTP: the history is fetched, run through this build's workflows from nothing, and compared. */
export async function measureReplay({ desk, pool, system, options, say }: Setting): Promise<Section> {
  const ids = await followedUp(desk, options.short ? CASES_SHORT : CASES);
  await close(desk, ids);
  await quiet(system, pool);
  say(`replay: ${ids.length} cases are closed`);
  let next = 0;
  let events = 0;
  const slice = await closedLoop({ callers: 1, seconds: options.seconds * options.slices }, async () => {
    const id = ids[next++ % ids.length] ?? '';
    const found = Replay.parse(JSON.parse(await desk.post('aud', `/v1/complaints/${id}/replay`, {})));
    if (!found.deterministic || found.differences.length > 0) throw new Error(`the replay of ${id} differs from the record`);
    events += found.events;
  });
  if (slice.failures[0] !== undefined) throw new Error(slice.failures[0]);
  const { perSecond, p50, p90, p99, calls } = rateOf([slice]);
  return {
    name: 'replay',
    title: 'Cold replay with comparison',
    tables: [{ head: ['replays', 'callers', 'per s', 'p50 ms', 'p90', 'p99', 'calls', 'events each'], rows: [['closed cases', 1, perSecond, p50, p90, p99, calls, events / calls]] }],
    notes: ['Each begins with an empty cache. All were deterministic, and their events those in the record.'],
    comparisons: [],
    data: { perSecond, p50, p90, p99, calls, eventsEach: events / calls },
  };
}
