import { z } from 'zod';
import type { Say } from '../embedded/progress.js';
import type { CoreConfiguration } from '../configuration.js';
import { replayed } from '../replay.js';
import { reasonOf, type Played } from './drive.js';
import type { Stage } from './path.js';
import { counting, inTurn } from './progress.js';

export interface Replays {
  cases: number;
  /** events that the replays produced */
  events: number;
  /** what did not come out as recorded */
  failures: string[];
}

const Replay = z.object({
  deterministic: z.boolean(),
  events: z.int(),
  differences: z.array(z.object({ seq: z.int().optional(), field: z.string(), replayed: z.unknown() })),
});
type Replay = z.infer<typeof Replay>;
const LANES = 2;
const MOST_REASON = 400;

/** Replays the history of every complaint, as an auditor does over HTTP, and of their investigations, which no endpoint replays. */
export async function replayAll(
  { played, investigations }: { played: readonly Played[]; investigations: readonly string[] },
  { http }: Stage, configuration: CoreConfiguration, say: Say,
): Promise<Replays> {
  const total: Replays = { cases: 0, events: 0, failures: [] };
  const ids = played.flatMap(({ one }) => (one ? [one.id] : []));
  const add = (path: string, found: Replay | null): void => {
    total.cases += 1;
    total.events += found?.events ?? 0;
    const wrong = found ? wrongIn(found) : 'there is no history';
    if (wrong !== null) total.failures.push(`${path}: ${wrong}`);
  };
  await counting(say, 'Histories replayed', ids.length + investigations.length, async (done) => {
    await inTurn(ids, LANES, async (id) => {
      const path = `/v1/complaints/${id}`;
      await http.ask({ as: 'aud', path: `${path}/replay`, body: {}, shape: Replay })
        .then((found) => add(path, found), (error: unknown) => {
          total.cases += 1;
          total.failures.push(reasonOf(error));
        });
      done();
    });
    for (const id of investigations) {
      for await (const { finding } of replayed(configuration, id)) add(`/v1/investigations/${id}`, finding);
      done();
    }
  });
  return total;
}

function wrongIn({ deterministic, differences }: Replay): string | null {
  if (!deterministic) return `its replay is not deterministic: ${JSON.stringify(differences[0]?.replayed ?? null).slice(0, MOST_REASON)}`;
  if (differences.length === 0) return null;
  const where = differences.slice(0, 5).map(({ seq, field }) => (seq === undefined ? field : `event ${seq} ${field}`));
  return `its replay differs from the record in ${differences.length} places: ${where.join(', ')}`;
}
