import type { ComplaintView } from '../../api/complaints/shape.js';
import type { Ended } from './check.js';
import type { Replays } from './replays.js';
import type { Path } from './path.js';

type ClockState = ComplaintView['clocks'][number]['state'];

export interface PathResult {
  name: string;
  title: string;
  cases: number;
  /** how many ended as they should */
  held: number;
  status: string;
  escalations: number;
  clocksMet: number;
  clocksBreached: number;
  /** of the case that took longest */
  seconds: number;
  /** a customer's words */
  text: string;
}

/** What the demo came to; printed as tables, or as JSON. */
export interface Outcome {
  ok: boolean;
  api: string;
  policy: { name: string; version: number };
  complaints: number;
  paths: PathResult[];
  statuses: Record<string, number>;
  clocks: Record<string, Partial<Record<ClockState, number>>>;
  investigations: string[];
  replays: Omit<Replays, 'failures'> & { different: number };
  seconds: { handling: number; checking: number; replaying: number; total: number };
  failures: string[];
}

export interface Happened {
  api: string;
  policy: { name: string; version: number };
  ended: readonly Ended[];
  investigations: string[];
  replays: Replays;
  /** what a look at all cases together has found */
  failures: readonly string[];
  seconds: Outcome['seconds'];
}

/** Adds up what happened. All is as it should be when nothing has failed and clocks were missed where the paths miss them. */
export function outcomeOf({ api, policy, ended, investigations, replays, failures, seconds }: Happened): Outcome {
  const views = ended.flatMap(({ view }) => view ?? []);
  const paths = [...new Set(ended.map(({ path }) => path))];
  const wrong = [...new Set([...ended.flatMap(({ failure }) => failure ?? []), ...failures, ...replays.failures])];
  return {
    ok: wrong.length === 0,
    api,
    policy,
    complaints: views.length,
    paths: paths.map((path) => resultOf(path, ended.filter((one) => one.path === path))),
    statuses: count(views.map(({ status }) => status)),
    clocks: clocksOf(views),
    investigations,
    replays: { cases: replays.cases, events: replays.events, different: replays.failures.length },
    seconds,
    failures: wrong,
  };
}

function resultOf({ name, title }: Path, ended: readonly Ended[]): PathResult {
  const views = ended.flatMap(({ view }) => view ?? []);
  const clocks = views.flatMap((view) => view.clocks);
  return {
    name,
    title,
    cases: ended.length,
    held: ended.filter(({ failure }) => failure === null).length,
    status: [...new Set(views.map(({ status, tracks }) => `${status}, ${tracks.customer}`))].join('; '),
    escalations: views.reduce((sum, view) => sum + view.escalations.length, 0),
    clocksMet: clocks.filter(({ state }) => state === 'met').length,
    clocksBreached: clocks.filter(({ breachedAt }) => breachedAt !== null).length,
    seconds: Math.max(0, ...ended.map((one) => one.seconds)),
    text: ended[0]?.row.text ?? '',
  };
}

function clocksOf(views: readonly ComplaintView[]): Outcome['clocks'] {
  const clocks = views.flatMap((view) => view.clocks);
  const names = [...new Set(clocks.map(({ name }) => name))];
  return Object.fromEntries(names.map((name) => [name, count(clocks.filter((clock) => clock.name === name).map(({ state }) => state))]));
}

function count(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
