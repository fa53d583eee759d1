import type { Envelope, WordsRef } from '../event.js';
import type { Instant } from '../time.js';
import type { Goal } from './event.js';

export interface InvestigationCommands {
  /** a complaint's `investigate` arriving here */
  link: { complaint: string; receivedAt: Instant };
  cause: { category: string; text: WordsRef; whys: WordsRef[] };
  why: { cause: string; text: WordsRef };
  finding: { cause: string; root: boolean; note: WordsRef };
  measure: { cause: string; text: WordsRef; owner: string; dueAt: Instant; goal: Goal; observeDays: number };
  done: { measure: string; note: WordsRef | null };
  reading: { measure: string; value: number; takenAt: Instant | null };
  verdict: { measure: string; effective: boolean; note: WordsRef };
  conclude: Record<string, never>;
}

export type InvestigationCommandName = keyof InvestigationCommands;

/** Every command by its name: an update of the same name each. */
export const investigationCommandNames = ['link', 'cause', 'why', 'finding', 'measure', 'done', 'reading', 'verdict', 'conclude'] as const satisfies InvestigationCommandName[];

export type InvestigationCommand<N extends InvestigationCommandName = InvestigationCommandName> =
  { [K in N]: Envelope<K, InvestigationCommands[K]> }[N];

/** The signed form of opening one. */
export type Open = Envelope<'open', { investigation: string; title: WordsRef; type: string | null; whys: { least: number; most: number } }>;
