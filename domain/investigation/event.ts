import type { Recorded, WordsRef } from '../event.js';
import type { Instant } from '../time.js';

export interface Goal {
  /** what is measured, in the vault */
  metric: WordsRef;
  baseline: number;
  target: number;
  direction: 'down' | 'up';
}

export type Opened = Recorded<'opened', { title: WordsRef; type: string | null; whys: { least: number; most: number } }>;
export type Linked = Recorded<'linked', { complaint: string }>;
export type CauseAdded = Recorded<'cause_added', { cause: string; category: string; text: WordsRef; whys: WordsRef[] }>;
export type WhyAdded = Recorded<'why_added', { cause: string; text: WordsRef }>;
export type CauseFound = Recorded<'cause_found', { cause: string; root: boolean; note: WordsRef }>;
export type MeasureAdded = Recorded<'measure_added', {
  measure: string; cause: string; text: WordsRef; owner: string; dueAt: Instant; goal: Goal; observeDays: number;
  /** null when the due date had passed when the measure was added */
  remindAt: Instant | null;
}>;
export type MeasureReminded = Recorded<'measure_reminded', { measure: string; dueAt: Instant }>;
export type MeasureOverdue = Recorded<'measure_overdue', { measure: string; dueAt: Instant }>;
export type MeasureDone = Recorded<'measure_done', { measure: string; note: WordsRef | null; observeUntil: Instant }>;
export type ReadingTaken = Recorded<'reading_taken', { measure: string; value: number; takenAt: Instant }>;
export type VerdictGiven = Recorded<'verdict_given', { measure: string; effective: boolean; note: WordsRef }>;
/** a complaint received after the measures were done shows that they did not do */
export type Reopened = Recorded<'reopened', { complaint: string; receivedAt: Instant }>;
export type Concluded = Recorded<'concluded', { outcome: 'effective' }>;

/** The closed list of what can happen to an investigation. */
export type InvestigationEvent =
  | Opened | Linked | CauseAdded | WhyAdded | CauseFound | MeasureAdded | MeasureReminded | MeasureOverdue
  | MeasureDone | ReadingTaken | VerdictGiven | Concluded | Reopened;
