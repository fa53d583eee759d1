import type { Town } from './given.js';
import { outagesOf, passAll } from './outages.js';

const roadsOf = ({ roads }: Town) => [roads.apiEngine, roads.workerEngine];
// a worker whose road is lost has a test of its own: it takes the SDK 45 s to notice
const lose = ({ roads }: Town): void => { roads.apiEngine.swallow(); };

/** Intake and reads need only the database; a command is told within its time that it may be repeated, and is then done once. */
outagesOf('engine', 'while the engine is away', [
  ['killed', ({ engine }) => engine.kill(), ({ engine }) => engine.start()],
  ['frozen', ({ engine }) => { engine.freeze(); }, ({ engine }) => { engine.thaw(); }],
  ['lost on the way, also for new connections', (town) => { town.roads.apiEngine.cut(); lose(town); }, (town) => passAll(roadsOf(town))],
  ['lost on the way', lose, (town) => passAll(roadsOf(town))],
], roadsOf);
