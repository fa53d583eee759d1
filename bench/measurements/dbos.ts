import { filing } from '../cases/filing.js';
import { dbosSide, startDbos, startSameCase, type DbosVariant } from '../dbos/dbos.js';
import { cpuTableOf, tableOf } from '../figures/comparison.js';
import { closedLoop } from '../load/closedLoop.js';
import type { Side } from '../load/sideBySide.js';
import type { Section, Setting } from '../setting.js';
import { quiet } from '../system/quiet.js';
import { threefoldCommands } from './commands.js';
import { compare } from './compare.js';

/** The same case on DBOS: every way of starting it next to intake, a message with its answering event next to a command. */
export async function measureDbos(setting: Setting): Promise<Section> {
  const { desk, pool, system } = setting;
  const dbos = await startDbos(system);
  const cases = await startSameCase(system);
  const peer = (variant: DbosVariant): Side => dbosSide(variant === 'same case' ? cases : dbos, variant, system);
  const intake: Side = {
    name: 'Threefold, HTTP',
    pids: setting.system.pids,
    run: (load) => closedLoop(load, () => desk.file()),
    settle: () => quiet(system, pool),
  };
  try {
    const starts = await compare('start', [intake, peer('start'), peer('start and wait'), peer('enqueue'), peer('start over HTTP'), peer('same case')], setting);
    const commands = await compare('command', [threefoldCommands(setting), peer('command')], setting);
    return {
      name: 'dbos',
      title: 'The same case on DBOS',
      tables: [tableOf(starts), tableOf(commands), cpuTableOf([...starts, ...commands])],
      notes: [
        'DBOS runs in one process, as its documentation has it, on a database of its own in the same Postgres, ten connections like a process of Threefold; it is called in that process, without HTTP, unless said.',
        'Its complaint is started under an id with the same body, waits for messages (recv) and answers each with an event (setEvent, getEvent). It has no rules, clocks, vault, audit chain, lists or login.',
        '“same case” has what an intake takes of these: it is Threefold’s API on a database of its own, in a process of DBOS that does nothing else, on which each case is started before it is answered. It then waits for messages, and keeps no deadline.',
      ],
      comparisons: [...starts, ...commands],
      data: { input: filing() },
    };
  } finally {
    await cases.stop();
    await dbos.stop();
  }
}
