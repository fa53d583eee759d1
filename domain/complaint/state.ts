import type { ActingRole, WordsRef } from '../event.js';
import type { CalendarVersions } from '../policy/agreement.js';
import type { Clock } from '../sla/clock.js';
import type { Instant } from '../time.js';
import type { Classification } from './event.js';
import type {
  CauseTrack,
  Channel,
  CustomerTrack,
  EscalationCause,
  Nature,
  PauseReason,
  ResponsibilityTrack,
  Share,
  Special,
} from './terms.js';

/** A request to a department (L1.7). */
export interface Request {
  id: string;
  department: string;
  state: 'asked' | 'planned' | 'returned';
  text: WordsRef;
  plan: WordsRef | null;
  /** false once the arbiter has decided whose it is */
  returnable: boolean;
  /** the request that answers a returned one */
  redispatchedAs: string | null;
}

export interface Escalation {
  id: string;
  at: Instant;
  from: number;
  to: number;
  cause: EscalationCause;
  /** the clock instance that caused it */
  clock: string | null;
  reason: WordsRef | null;
  by: string;
  acknowledgedBy: string | null;
  acknowledgedAt: Instant | null;
}

/** Level 2 as far as it has come. */
export interface Responsibility {
  nature: Nature;
  shares: Share[];
  note: WordsRef;
  proposedBy: string;
  proposedAt: Instant;
  contestUntil: Instant;
  agreed: string[];
  contested: string[];
  decision: { by: string; at: Instant; upheld: boolean; handling: WordsRef; note: WordsRef } | null;
}

export interface Waiver {
  requestedBy: string;
  state: 'requested' | 'approved' | 'refused';
}

export interface RequestedExtension {
  statute: string;
  extension: string;
  /** the clock instance that it is for */
  clock: string;
  state: 'requested' | 'granted' | 'refused';
  requestedBy: string;
  requestedAt: Instant;
  /** the rung that grants it; null when none is needed */
  approval: number | null;
  decidedBy: string | null;
  decidedAt: Instant | null;
}

/** Where a migration found a follow-up that was under way. */
export interface FollowUpFrom {
  at: Instant;
  /** attempts made by then */
  made: number;
}

/** A complaint as the fold of its events: JSON only, so that it can travel and be stored. */
export interface Complaint extends Classification {
  id: string;
  /** the last `seq` */
  version: number;
  /** instant of the latest event, which no later event precedes unless its own deadline did */
  lastAt: Instant;
  channel: Channel;
  customer: string;
  text: WordsRef;
  filedBy: string;
  policy: { name: string; version: number };
  /** the version of each calendar that the policy names; absent when it names none */
  calendars?: CalendarVersions;
  rules: number;
  receivedAt: Instant;
  openedAt: Instant;
  firstResolvedAt: Instant | null;
  resolvedAt: Instant | null;
  closedAt: Instant | null;
  cycle: number;
  owner: string | null;
  ownerDepartment: string | null;
  assignee: string | null;
  coOwners: string[];
  crisisOwner: string | null;
  resolver: string | null;
  solution: WordsRef | null;
  rung: number;
  special: Special[];
  repeatOf: string | null;
  tracks: { customer: CustomerTrack; responsibility: ResponsibilityTrack; cause: CauseTrack };
  requests: Request[];
  clocks: Clock[];
  escalations: Escalation[];
  /** the pause that runs now */
  paused: { reason: PauseReason; since: Instant; until: Instant } | null;
  /** milliseconds paused so far in this cycle, per reason (spec: sla, pausing) */
  pausedMs: Record<PauseReason, number>;
  followUp: { attempts: number; answeredBy: string | null; answeredRole: ActingRole | null; dissatisfied: number; from?: FollowUpFrom };
  /** the customer has raised this cycle already */
  raisedByCustomer: boolean;
  responsibility: Responsibility | null;
  waiver: Waiver | null;
  /** more time asked for under a regulator's rule, in order; absent while there is none */
  extensions?: RequestedExtension[];
  investigation: string | null;
  /** news that came before the cause track opened */
  news: { rootAt: Instant | null; measureAt: Instant | null; verifiedAt: Instant | null };
}
