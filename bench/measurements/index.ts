import type { Name } from '../options.js';
import type { Measurement } from '../setting.js';
import { measureBytes } from './bytes.js';
import { measureCommands } from './commands.js';
import { measureDbos } from './dbos.js';
import { measureGenerator } from './generator.js';
import { measureHistory } from './history.js';
import { measureIntake } from './intake.js';
import { measureLists } from './lists.js';
import { measureMemory } from './memory.js';
import { measureOpen } from './open.js';
import { measurePlanning } from './planning.js';
import { measureReads } from './reads.js';
import { measureReplay } from './replay.js';
import { measureRows } from './rows.js';
import { measureSignals } from './signals.js';
import { measureStartup } from './startup.js';
import { measureWorkers } from './workers.js';

/** Each measurement by its name. */
export const measurements: Readonly<Record<Name, Measurement>> = {
  startup: measureStartup,
  generator: measureGenerator,
  intake: measureIntake,
  commands: measureCommands,
  signals: measureSignals,
  reads: measureReads,
  lists: measureLists,
  dbos: measureDbos,
  history: measureHistory,
  replay: measureReplay,
  planning: measurePlanning,
  bytes: measureBytes,
  memory: measureMemory,
  workers: measureWorkers,
  open: measureOpen,
  rows: measureRows,
};
