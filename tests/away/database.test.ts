import type { Town } from './given.js';
import { outagesOf, passAll } from './outages.js';

const roadsOf = ({ roads }: Town) => [roads.apiDatabase, roads.workerDatabase];

/** Nothing is kept without the database, and nothing that was is lost. */
outagesOf('database', 'while the database is away', [
  ['killed', ({ database }) => database.kill(), ({ database }) => database.start()],
  ['frozen', ({ database }) => { database.freeze(); }, ({ database }) => { database.thaw(); }],
  ['lost on the way', (town) => { for (const road of roadsOf(town)) road.swallow(); }, (town) => passAll(roadsOf(town))],
], roadsOf);
