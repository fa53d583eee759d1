import type { WordsRef } from '../event.js';
import type { Instant } from '../time.js';
import type { Goal } from './event.js';

export interface Cause {
  id: string;
  category: string;
  text: WordsRef;
  whys: WordsRef[];
  state: 'candidate' | 'root' | 'ruled_out';
  note: WordsRef | null;
}

export interface Measure {
  id: string;
  cause: string;
  text: WordsRef;
  owner: string;
  addedAt: Instant;
  dueAt: Instant;
  /** null when the due date had passed when the measure was added */
  remindAt: Instant | null;
  goal: Goal;
  observeDays: number;
  state: 'open' | 'done' | 'effective' | 'ineffective';
  doneAt: Instant | null;
  observeUntil: Instant | null;
  reminded: boolean;
  overdue: boolean;
  readings: { value: number; at: Instant }[];
  note: WordsRef | null;
  verdict: { by: string; at: Instant; note: WordsRef } | null;
}

/** An investigation as the fold of its events (L3.1–L3.4): JSON only. */
export interface Investigation {
  id: string;
  version: number;
  lastAt: Instant;
  title: WordsRef;
  type: string | null;
  whys: { least: number; most: number };
  status: 'open' | 'concluded';
  openedAt: Instant;
  rootAt: Instant | null;
  measureAt: Instant | null;
  concludedAt: Instant | null;
  /** receipt of the latest complaint that reopened it: an older measure answers its root no more */
  reopenedFor: Instant | null;
  complaints: string[];
  causes: Cause[];
  measures: Measure[];
  /** where else the same could happen (L3.4); filled by a later release */
  elsewhere: { place: WordsRef; outcome: WordsRef | null }[];
}
