import type { Recorded, WordsRef } from '../event.js';
import type { CalendarVersions } from '../policy/agreement.js';
import type { ClockChange, ClockName } from '../sla/clock.js';
import type { Instant } from '../time.js';
import type { News } from './command.js';
import type { Channel, EscalationCause, Flags, Nature, PauseReason, Share, Special, Tier, TransferReason } from './terms.js';

/** What `classify` may set; intake sets all of it. Codes of the taxonomies, never words. */
export interface Classification {
  type: string | null;
  subtype: string | null;
  product: string | null;
  region: string | null;
  department: string | null;
  tier: Tier;
  flags: Flags;
  emotion: number | null;
  /** the three fields of the demand, in the vault */
  demand: WordsRef | null;
}

type Clocks = { clocks: ClockChange[] };

export type Received = Recorded<
  'received',
  Classification &
    Clocks & {
      channel: Channel;
      /** random id of the customer */
      customer: string;
      text: WordsRef;
      /** when the complaint reached the company; `at` is the same instant */
      receivedAt: Instant;
      /** when it was filed here */
      openedAt: Instant;
      filedBy: string;
      policy: { name: string; version: number };
      /** the version of each calendar that the policy names; absent when it names none */
      calendars?: CalendarVersions;
      special: Special[];
      /** number of the rules that decide this case, for its whole life */
      rules: number;
      repeatOf: string | null;
      /** the owner a repeat inherits */
      owner: string | null;
      ownerDepartment: string | null;
    }
>;
export type Accepted = Recorded<'accepted', Clocks & { owner: string; department: string | null; note: WordsRef | null }>;
export type Answered = Recorded<'answered', Clocks & { message: WordsRef; parts: WordsRef | null }>;
export type Classified = Recorded<'classified', Clocks & { changes: Partial<Classification>; reason: WordsRef }>;
export type Assigned = Recorded<'assigned', { assignee: string; reason: WordsRef }>;
export type Transferred = Recorded<'transferred', { owner: string; reason: TransferReason }>;
export type Dispatched = Recorded<
  'dispatched',
  Clocks & { request: string; department: string; text: WordsRef; returnable: boolean; redispatchOf: string | null }
>;
export type Planned = Recorded<'planned', Clocks & { request: string; plan: WordsRef }>;
export type Returned = Recorded<'returned', Clocks & { request: string; reason: WordsRef }>;
export type Paused = Recorded<'paused', Clocks & { reason: PauseReason; note: WordsRef | null; until: Instant }>;
export type Resumed = Recorded<'resumed', Clocks & { cause: 'command' | 'message' | 'limit'; from: Instant }>;
export type Heard = Recorded<'heard', { text: WordsRef; receivedAt: Instant }>;
export type Resolved = Recorded<
  'resolved',
  Clocks & { solution: WordsRef; message: WordsRef | null; agreed: boolean; cost: number | null; reason: WordsRef | null }
>;
export type FollowUpAttempted = Recorded<'follow_up_attempted', { attempt: number; of: number }>;
export type FollowedUp = Recorded<'followed_up', Clocks & { satisfied: boolean; score: number | null; comment: WordsRef | null }>;
export type Reopened = Recorded<'reopened', Clocks & { cause: 'dissatisfied' | 'withdrawal_retracted'; cycle: number }>;
export type Unanswered = Recorded<'unanswered', Clocks>;
export type Finalized = Recorded<'finalized', Clocks & { message: WordsRef; parts: WordsRef; externalRoute: WordsRef }>;
export type Withdrawn = Recorded<'withdrawn', Clocks & { reason: WordsRef; message: WordsRef | null }>;
export type Attributed = Recorded<'attributed', { nature: Nature; shares: Share[]; note: WordsRef; contestUntil: Instant }>;
export type Agreed = Recorded<'agreed', { department: string; reason: WordsRef | null }>;
export type Contested = Recorded<'contested', { department: string; reason: WordsRef }>;
export type Decided = Recorded<
  'decided',
  Clocks & { upheld: boolean; nature: Nature; shares: Share[]; handling: WordsRef; note: WordsRef }
>;
export type InvestigationLinked = Recorded<'investigation_linked', { investigation: string }>;
/** how far the investigation has come, kept until the cause track opens */
export type Informed = Recorded<'informed', News>;
export type RootFound = Recorded<'root_found', Clocks & { investigation: string; foundAt: Instant }>;
export type Improving = Recorded<'improving', { investigation: string; measureAt: Instant }>;
export type Verified = Recorded<'verified', Clocks & { investigation: string; verifiedAt: Instant }>;
export type WaiverRequested = Recorded<'waiver_requested', { reason: WordsRef }>;
export type WaiverApproved = Recorded<'waiver_approved', Clocks>;
export type WaiverRefused = Recorded<'waiver_refused', { reason: WordsRef }>;
/** asked for; `approval` is the rung that grants it */
export type ExtensionRequested = Recorded<'extension_requested', Extending & { approval: number; reason: WordsRef }>;
/** more time under a regulator's rule, from the approval or, where none is needed, at once */
export type Extended = Recorded<'extended', Clocks & Extending & { dueAt: Instant | null; reason: WordsRef | null }>;
export type ExtensionRefused = Recorded<'extension_refused', Extending & { reason: WordsRef }>;
interface Extending {
  statute: string;
  extension: string;
  clock: string;
}
/** under another policy from here on, or another version of its calendars */
export type PolicyMigrated = Recorded<
  'policy_migrated',
  Clocks & { migration: string; from: PinnedPolicy; to: PinnedPolicy; calendars?: CalendarVersions }
>;
interface PinnedPolicy {
  name: string;
  version: number;
}
export type ClockWarned = Recorded<'clock_warned', { clock: string; name: ClockName; percent: number }>;
export type ClockBreached = Recorded<'clock_breached', { clock: string; name: ClockName; dueAt: Instant }>;
export type Escalated = Recorded<
  'escalated',
  Clocks & {
    escalation: string;
    from: number;
    to: number;
    cause: EscalationCause;
    clock: string | null;
    reason: WordsRef | null;
    aboveTier: boolean;
  }
>;
export type EscalationRefused = Recorded<
  'escalation_refused',
  {
    cause: EscalationCause;
    to: number | null;
    clock: string | null;
    why: 'not-above-rung' | 'above-top' | 'once-a-cycle' | 'owner-only-to-1' | 'not-yours' | 'no-step' | 'top-recorded';
    reason: WordsRef | null;
  }
>;
export type Acknowledged = Recorded<'acknowledged', Clocks & { escalations: string[] }>;
export type Noted = Recorded<'noted', { text: WordsRef }>;
export type Closed = Recorded<'closed', Clocks>;

/** The closed list of what can happen to a complaint (spec: case, what every change leaves behind). */
export type ComplaintEvent =
  | Received
  | Accepted
  | Answered
  | Classified
  | Assigned
  | Transferred
  | Dispatched
  | Planned
  | Returned
  | Paused
  | Resumed
  | Heard
  | Resolved
  | FollowUpAttempted
  | FollowedUp
  | Reopened
  | Unanswered
  | Finalized
  | Withdrawn
  | Attributed
  | Agreed
  | Contested
  | Decided
  | InvestigationLinked
  | Informed
  | RootFound
  | Improving
  | Verified
  | WaiverRequested
  | WaiverApproved
  | WaiverRefused
  | ExtensionRequested
  | Extended
  | ExtensionRefused
  | PolicyMigrated
  | ClockWarned
  | ClockBreached
  | Escalated
  | EscalationRefused
  | Acknowledged
  | Noted
  | Closed;
