import { comparisonOf, tableOf, type Comparison } from '../figures/comparison.js';
import { mebibytes } from '../figures/mebibytes.js';
import { percentile } from '../figures/percentile.js';
import type { Slice } from '../figures/rate.js';
import type { Cell } from '../figures/table.js';
import { closedLoop } from '../load/closedLoop.js';
import { sideBySide } from '../load/sideBySide.js';
import { measureRest, type AtRest } from '../open/atRest.js';
import { measureDueTogether, type DueTogether } from '../open/dueTogether.js';
import { fillOpen, someOpen } from '../open/fill.js';
import { measureRestart, type Restarted } from '../open/restart.js';
import type { Section, Setting } from '../setting.js';
import { bareUpdates, threefoldCommands } from './commands.js';
import { warmUpOf } from './compare.js';
import { listSides, SAME_PAGE } from './lists.js';

const FEW = 1000;
const DUE = 1000;
const ANY = 200;

interface With {
  /** open cases, which an earlier run on the same data may have left more of than were asked for */
  open: number;
  commands: Comparison[];
  lists: Comparison[];
  /** a note on any open case, one caller: most are not in the worker's memory where there are many */
  any: Slice;
  rest: AtRest;
}

/** With many open cases: commands and lists next to the same with 1,000, what rest costs, a cold restart, and timers due together. */
export async function measureOpen(setting: Setting): Promise<Section> {
  const many = setting.options.open ?? FEW;
  const few = await measureWith(setting, Math.min(many, FEW));
  const more = many > few.open ? await measureWith(setting, many) : null;
  const all = more ? [few, more] : [few];
  const restarted = await measureRestart(setting);
  const due = await measureDueTogether(setting, Math.min(DUE, many));
  return {
    name: 'open',
    title: `With ${many} open cases`,
    tables: [
      tableOf(all.flatMap(({ commands, lists }) => [...commands, ...lists])),
      restTable(all),
      { head: ['what', ''], rows: figures(few, more, restarted, due) },
    ],
    notes: [
      SAME_PAGE,
      'Commands go to cases filed just before, as everywhere; "any open case" is one picked at random.',
      'Timers: first deadline of all these cases at one instant, from which it is counted; timers are set a second after it on purpose.',
    ],
    comparisons: all.flatMap(({ commands, lists, any, open }) =>
      [...commands, ...lists, comparisonOf(`a note on any case, ${open} open`, 1, { 'Threefold, HTTP': [any] })]),
    data: { all, restarted, due },
  };
}

async function measureWith(setting: Setting, wanted: number): Promise<With> {
  const { options, say, desk, pool } = setting;
  const open = await fillOpen(setting, wanted);
  const rounds = { seconds: options.seconds, slices: options.slices };
  const warmUp = warmUpOf(options);
  const at = async (what: string, callers: number, sides: Parameters<typeof sideBySide>[0]) =>
    comparisonOf(`${what}, ${open} open`, callers, await sideBySide(sides, { callers, ...rounds, ...(callers === warmUp.callers ? { warmUp } : {}) }, (line) => say(`open: ${line}`)));
  const commands: Comparison[] = [];
  const lists: Comparison[] = [];
  for (const callers of [16, 1]) {
    commands.push(await at('commands', callers, [threefoldCommands(setting), bareUpdates(setting)]));
    lists.push(await at('list of 50', callers, listSides(setting)));
  }
  const ids = await someOpen(pool, ANY);
  let next = 0;
  const any = await closedLoop({ callers: 1, seconds: options.seconds * options.slices }, () =>
    desk.command(ids[next++ % ids.length] ?? '', { as: 'sue', path: 'note', body: { text: '抽查。' } }));
  say('open: at rest …');
  return { open, commands, lists, any, rest: await measureRest(setting) };
}

function restTable(all: readonly With[]) {
  const rows = all.flatMap(({ open, rest }) =>
    Object.entries(rest.usage).map(([name, { rss, pss }]): Cell[] =>
      [name, open, (rest.cores[name] ?? 0) * 100, mebibytes(rss), mebibytes(pss)]));
  return { head: ['at rest', 'open', '% of a core', 'RSS MiB', 'PSS MiB'], rows };
}

function figures(few: With, more: With | null, restarted: Restarted, due: DueTogether): Cell[][] {
  const p50 = ({ any }: With) => percentile([...any.latencies].sort((a, b) => a - b), 50);
  const commandP50 = ({ commands }: With, nth: number) => commands[nth]?.rates['Threefold, HTTP']?.p50 ?? Number.NaN;
  return [
    ...(more ? [0, 1] : []).map((nth): Cell[] => [
      `p50 of a command over that at ${few.open} open, ${few.commands[nth]?.callers ?? 0} callers`,
      more ? commandP50(more, nth) / commandP50(few, nth) : null,
    ]),
    ...[few, ...(more ? [more] : [])].map((one): Cell[] => [`a note on any open case, ${one.open} open, p50 ms`, p50(one)]),
    ['worker killed: the next asks for work after, s', restarted.seconds],
    ['its CPU in the ten seconds after, s', restarted.cpuAfter],
    ['first command after it, ms', restarted.first],
    ['slowest of the next, each on a case it has not seen, ms', Math.max(...restarted.others)],
    [`${due.cases} timers due together: half of a sample fired after, s`, due.fired.half],
    ['all of the sample fired after, s', due.fired.all],
    ['half of what the cases then did is in the record after, s', due.half],
    ['all of it is in the record after, s', due.all],
  ];
}
