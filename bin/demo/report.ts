import type { Outcome } from './outcome.js';
import { cut, table, type Column } from './table.js';

const TEXT_CELLS = 36;
const states = ['met', 'breached', 'running', 'paused', 'cancelled'] as const;
const number = (head: string): Column => ({ head, numbers: true });

/** The outcome of the demo for people: paths, statuses, clocks, replays, and what was not as it should be. */
export function reportOf(outcome: Outcome): string {
  const { policy, complaints, statuses, replays, seconds, investigations } = outcome;
  const headlines = Object.entries(statuses).map(([status, count]) => `${count} ${status}`).join(', ');
  return [
    pathsOf(outcome),
    clocksOf(outcome),
    [
      `${complaints} complaints (policy ${policy.name} version ${policy.version}): ${headlines}; ${investigations.length} investigation.`,
      `${replays.cases} histories replayed, ${replays.events} events, ${replays.different} with differences.`,
      `${seconds.total.toFixed(0)} s: ${seconds.handling.toFixed(0)} s handling, ${seconds.checking.toFixed(0)} s checking, ${seconds.replaying.toFixed(0)} s replaying.`,
    ].join('\n'),
    outcome.ok ? 'All is as it should be.' : `Not as it should be:\n${outcome.failures.map((failure) => `  ${failure}`).join('\n')}`,
  ].join('\n\n');
}

function pathsOf({ paths }: Outcome): string {
  const columns = [
    { head: 'path' }, number('cases'), number('held'), { head: 'stands at' }, number('raised'),
    number('met'), number('breached'), number('seconds'), { head: 'one of them' },
  ];
  return table(columns, paths.map(({ title, cases, held, status, escalations, clocksMet, clocksBreached, seconds, text }) =>
    [title, cases, held, status, escalations, clocksMet, clocksBreached, seconds.toFixed(1), cut(text, TEXT_CELLS)]));
}

function clocksOf({ clocks }: Outcome): string {
  return table([{ head: 'clock' }, ...states.map(number)], Object.entries(clocks).map(([name, counts]) => [name, ...states.map((state) => counts[state] ?? 0)]));
}
