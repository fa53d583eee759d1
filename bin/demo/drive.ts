import { ComplaintView } from '../../api/complaints/shape.js';
import type { Say } from '../embedded/progress.js';
import { createCase, expect, type Case } from './case.js';
import type { Part } from './cast.js';
import type { Path, Stage } from './path.js';
import { agents, type Agent } from './people.js';
import { counting, inTurn } from './progress.js';
import { filingOf, type Row } from './rows.js';

/** One complaint after its path: the case, unless it could not be filed, and what went wrong on the way. */
export interface Played {
  path: Path;
  row: Row;
  one: Case | null;
  failure: string | null;
  /** from its filing to the end of its path, in seconds */
  seconds: number;
}

/** So many cases that wait for nothing are under way at a time: people do not all act at once. */
const LANES = 6;

/** Files every complaint and takes it along its path. What fails on one case does not stop the others. */
export async function drive(parts: readonly Part[], stage: Stage, say: Say): Promise<Played[]> {
  const plays = parts.flatMap(({ path, rows }) => rows.map((row, nth) => ({ path, row, nth })));
  const ordered = plays.map((play, i) => ({ ...play, agent: agents[i % agents.length] ?? 'ann' }));
  const played = await counting(say, 'Complaints filed and handled', plays.length, async (done) => {
    const found: Played[] = [];
    const take = async (play: (typeof ordered)[number]): Promise<void> => {
      found.push(await playOne(play, stage));
      done();
    };
    const [waiting, others] = [ordered.filter(({ path }) => path.waits), ordered.filter(({ path }) => !path.waits)];
    await Promise.all([inTurn(waiting, waiting.length, take), inTurn(others, LANES, take)]);
    return found;
  });
  const ended: Played[] = [];
  for (const { path } of parts) ended.push(...(await together(path, played.filter((one) => one.path === path), stage, say)));
  return ended;
}

async function playOne({ path, row, nth, agent }: { path: Path; row: Row; nth: number; agent: Agent }, stage: Stage): Promise<Played> {
  const started = Date.now();
  let one: Case | null = null;
  let failure: string | null = null;
  try {
    one = await file(path, row, agent, stage);
    await path.play(one, nth);
  } catch (error) {
    failure = reasonOf(error);
  }
  return { path, row, one, failure, seconds: (Date.now() - started) / 1000 };
}

/** Received now, whatever the row says: its clocks begin with its filing. */
async function file(path: Path, row: Row, agent: Agent, { http, policy }: Stage): Promise<Case> {
  const key = path.filedBy?.(row);
  const body = key === undefined ? { ...filingOf(row), policy } : filingOf(row);
  const filed = await http.ask({ as: key ?? agent, path: '/v1/complaints', status: 201, body, shape: ComplaintView });
  expect(filed.text === row.text && filed.customer.name === row.customer_name, filed, 'who files a complaint reads it as it was filed');
  return createCase(http, filed, agent);
}

/** What a path does with all of its cases at the end; where it fails, it fails for each. */
async function together(path: Path, played: Played[], stage: Stage, say: Say): Promise<Played[]> {
  const cases = played.flatMap(({ one, failure }) => (one && failure === null ? [one] : []));
  if (!path.together || cases.length === 0) return played;
  const started = Date.now();
  const failure = await path.together(cases, stage).then(() => null, reasonOf);
  const seconds = (Date.now() - started) / 1000;
  say(`${path.title}: ${cases.length} complaints, ${seconds.toFixed(0)} s`);
  return played.map((one) => ({ ...one, failure: one.failure ?? failure, seconds: one.seconds + seconds }));
}

export function reasonOf(error: unknown): string {
  return error instanceof Error && error.name === 'Unexpected' ? error.message : String(error instanceof Error ? error.stack ?? error : error);
}
