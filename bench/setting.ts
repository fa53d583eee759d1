import type { Pool } from 'pg';
import type { Bare } from './bare/bare.js';
import type { Desk } from './cases/desk.js';
import type { Comparison } from './figures/comparison.js';
import type { Table } from './figures/table.js';
import type { Name, Options } from './options.js';
import type { Say } from './progress.js';
import type { System } from './system/system.js';

/** What a measurement works with. */
export interface Setting {
  options: Options;
  system: System;
  desk: Desk;
  bare: Bare;
  /** plain SQL on Threefold's database, with as many connections as one of its processes has */
  pool: Pool;
  say: Say;
}

/** What a measurement came to. */
export interface Section {
  name: Name;
  title: string;
  tables: readonly Table[];
  /** what a reader has to know to read it right */
  notes: readonly string[];
  /** what stood side by side in it: a call that failed there fails the bench */
  comparisons: readonly Comparison[];
  /** more for machines */
  data?: unknown;
  /** what has grown over the baseline, where it is compared with it */
  grown?: readonly string[];
}

export type Measurement = (setting: Setting) => Promise<Section>;
