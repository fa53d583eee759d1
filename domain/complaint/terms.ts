import type { WordsRef } from '../event.js';
import type { Instant } from '../time.js';

/** The words of a complaint as values. Each list is what the schemas, the types and the docs are made of. */
export const channels = ['phone', 'web', 'email', 'letter', 'chat', 'social', 'card', 'api'] as const;
export type Channel = (typeof channels)[number];

/** From mild to grave: a later tier is worse (L1.6). */
export const tiers = ['general', 'serious', 'urgent'] as const;
export type Tier = (typeof tiers)[number];

export interface Flags {
  personalSafety?: boolean;
  mediaThreat?: boolean;
  severe?: boolean;
}

export const specials = ['repeat', 'major', 'focus', 'escalated', 'batch', 'key_customer'] as const;
export type Special = (typeof specials)[number];

export const natures = ['attitude', 'duty', 'process', 'ability', 'customer', 'force_majeure'] as const;
export type Nature = (typeof natures)[number];
/** Natures for which nobody in the company is liable (L2.2). */
export const noFaultNatures: readonly Nature[] = ['customer', 'force_majeure'];

export const conducts = ['self_found', 'ordinary', 'ignored', 'obstructed'] as const;
export type Conduct = (typeof conducts)[number];

/** One department's part of the responsibility, in whole percent. */
export interface Share {
  department: string;
  person: string | null;
  percent: number;
  conduct: Conduct;
  evidence: { text: WordsRef; at: Instant } | null;
}

export const transferReasons = ['absence', 'leaving', 'recusal'] as const;
export type TransferReason = (typeof transferReasons)[number];

/** A key of the policy's `pause`. */
export type PauseReason = string;

export type EscalationCause =
  'tier' | 'signal' | 'warning' | 'breach' | 'unacknowledged' | 'returned' | 'dissatisfied' | 'media' | 'customer';

export type CustomerTrack = 'received' | 'accepted' | 'answered' | 'resolved' | 'satisfied' | 'unanswered' | 'final' | 'withdrawn';
export type ResponsibilityTrack = 'waiting' | 'open' | 'proposed' | 'contested' | 'decided';
export type CauseTrack = 'waiting' | 'open' | 'improving' | 'verified' | 'waived';

/** What a front-line agent whose token names no department belongs to. */
export const FRONT_LINE = 'customer_service';
