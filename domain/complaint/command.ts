import type { Envelope, WordsRef } from '../event.js';
import type { CalendarVersions } from '../policy/agreement.js';
import type { Instant } from '../time.js';
import type { Classification } from './event.js';
import type { Channel, Nature, Share, Tier, TransferReason } from './terms.js';

/** What each command carries into the engine: codes, numbers, instants and references; never words (spec: case, commands). */
export interface ComplaintCommands {
  accept: { note: WordsRef | null };
  answer: { message: WordsRef; parts: WordsRef | null };
  classify: { changes: Partial<Classification>; reason: WordsRef };
  assign: { assignee: string; reason: WordsRef };
  transfer: { owner: string; reason: TransferReason };
  dispatch: { department: string; text: WordsRef };
  plan: { request: string; plan: WordsRef };
  return: { request: string; reason: WordsRef };
  pause: { reason: string; note: WordsRef | null };
  resume: Record<string, never>;
  hear: { text: WordsRef; receivedAt: Instant | null };
  resolve: { solution: WordsRef; message: WordsRef | null; agreed: boolean; cost: number | null; reason: WordsRef | null };
  followUp: { satisfied: boolean; score: number | null; comment: WordsRef | null };
  finalize: { message: WordsRef; parts: WordsRef; externalRoute: WordsRef };
  attribute: { nature: Nature; shares: Share[]; note: WordsRef };
  agree: { reason: WordsRef | null };
  contest: { reason: WordsRef };
  decide: { upheld: boolean; nature: Nature | null; shares: Share[] | null; handling: WordsRef; note: WordsRef };
  investigate: { investigation: string };
  waive: { reason: WordsRef };
  approveWaiver: Record<string, never>;
  refuseWaiver: { reason: WordsRef };
  extend: { statute: string | null; extension: string; reason: WordsRef };
  approveExtension: { statute: string | null };
  refuseExtension: { statute: string | null; reason: WordsRef };
  withdraw: { reason: WordsRef; message: WordsRef | null };
  retractWithdrawal: Record<string, never>;
  acknowledge: Record<string, never>;
  note: { text: WordsRef };
  close: Record<string, never>;
  /** from an investigation, not from a person: how far it has come, cumulative */
  inform: News;
}

/** How far an investigation has come. An instant is null until that step is reached. */
export interface News {
  investigation: string;
  rootAt: Instant | null;
  measureAt: Instant | null;
  verifiedAt: Instant | null;
}

export type CommandName = keyof ComplaintCommands;

/** Every command by its name: an update of the same name each. */
export const commandNames = [
  'accept',
  'answer',
  'classify',
  'assign',
  'transfer',
  'dispatch',
  'plan',
  'return',
  'pause',
  'resume',
  'hear',
  'resolve',
  'followUp',
  'finalize',
  'attribute',
  'agree',
  'contest',
  'decide',
  'investigate',
  'waive',
  'approveWaiver',
  'refuseWaiver',
  'extend',
  'approveExtension',
  'refuseExtension',
  'withdraw',
  'retractWithdrawal',
  'acknowledge',
  'note',
  'close',
  'inform',
] as const satisfies CommandName[];

export type ComplaintCommand<N extends CommandName = CommandName> = { [K in N]: Envelope<K, ComplaintCommands[K]> }[N];

/** What intake decides on: the signed form of a filed complaint. */
export interface Filing extends Omit<Classification, 'tier'> {
  complaint: string;
  channel: Channel;
  customer: string;
  /** the customer is marked as a key customer */
  important: boolean;
  text: WordsRef;
  /** null: triage decides */
  tier: Tier | null;
  receivedAt: Instant | null;
  policy: { name: string; version: number };
  /** the version of each calendar that the policy names */
  calendars?: CalendarVersions;
  repeatOf: string | null;
  /** the owner a repeat inherits */
  owner: string | null;
  ownerDepartment: string | null;
}
export type File = Envelope<'file', Filing>;

/** The escalation signal's body: taken in any state of a living case, once per intent. */
export type Escalate = Envelope<'escalate', { reason: WordsRef; to: number | null }>;
