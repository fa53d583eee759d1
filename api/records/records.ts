import type { PublishedCalendar } from '../../domain/calendar/schema.js';
import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { Hours } from '../../domain/sla/openTime.js';
import type { Investigation } from '../../domain/investigation/state.js';
import type { Pinned } from '../../domain/policy/agreement.js';
import type { Instant } from '../../domain/time.js';
import type { Policy, PublishedPolicy } from '../../domain/policy/schema.js';
import type { OnDuty } from '../../domain/roster/roster.js';
import type { PublishedRoster, Roster } from '../../domain/roster/schema.js';
import type { Post } from '../../prisma/onDuty.js';
import type { TaxonomyKind, TaxonomyTerm } from '../../domain/taxonomy/taxonomies.js';
import type { IdempotencyKey } from '../../engine/engine.js';
import type { ComplaintRow, ListComplaints, ListedComplaint } from '../../prisma/complaints.js';
import type { PastFilter } from '../../prisma/pastCases.js';
import type { WhatIfPage } from '../../engine/whatIf.js';
import type { DryRunCase } from '../../engine/policyMigrations.js';
import type { PolicyMigration } from '../../prisma/policyMigrations.js';
import type { UnderPolicy } from '../../prisma/underPolicy.js';
import type { Page } from '../../prisma/cursor.js';
import type { Claims } from '../access/tokens.js';

/** A case as its row tells it: the fold at the head of the record, and what stands beside it. */
export type CaseRow = Pick<ComplaintRow, 'id' | 'head' | 'hash' | 'state' | 'filedBy' | 'departments' | 'tracking' | 'identity'>;

export type Lists = Readonly<Record<TaxonomyKind, readonly TaxonomyTerm[]>>;

/** What the API asks of Postgres; `records/open.ts` binds it to `prisma/`. */
export interface Records {
  complaint(id: string): Promise<CaseRow | null>;
  /** those of these ids that there are */
  complaintsOf(ids: readonly string[]): Promise<CaseRow[]>;
  complaintByTracking(code: string): Promise<CaseRow | null>;
  complaints(list: ListComplaints): Promise<Page<ListedComplaint>>;
  events(id: string, page: { limit: number; cursor?: string }): Promise<{ items: ComplaintEvent[]; next: string | null }>;
  /** all of them, in order */
  course(id: string): Promise<ComplaintEvent[]>;
  investigation(id: string): Promise<Investigation | null>;
  investigations(list: { filter: { status?: 'open' | 'concluded'; type?: string }; limit: number; cursor?: string }): Promise<Page<Investigation>>;
  currentPolicy(): Promise<PublishedPolicy>;
  /** the latest of that name without a version */
  policy(name: string, version: number | null): Promise<PublishedPolicy | null>;
  calendars(list: { limit: number; cursor?: string | undefined }): Promise<Page<PublishedCalendar>>;
  calendar(name: string, version: number): Promise<PublishedCalendar | null>;
  /** throws `KeyReused` */
  publishCalendar(calendar: Omit<PublishedCalendar, 'version'>, by: string, key: IdempotencyKey | null): Promise<PublishedCalendar>;
  /** whether a request with this key has been taken before */
  isUsed(key: IdempotencyKey): Promise<boolean>;
  /** throws `KeyReused` */
  publish(policy: Policy, by: string, key: IdempotencyKey | null): Promise<PublishedPolicy>;
  /** the open time of the calendars that a case's clocks are on */
  hours(state: Complaint): Promise<Hours>;
  /** the latest version of every policy that names a calendar */
  policiesNaming(calendar: string): Promise<Policy[]>;
  /** a policy with the latest versions of its calendars, as a case received now would pin them; throws `CalendarUnknown` */
  pinned(policy: Policy, now: Instant): Promise<Pinned>;
  /** tries a migration of open cases to this version, a page of them; nothing is changed */
  dryRun(to: PublishedPolicy, page: { from: UnderPolicy; cursor: string | null; limit: number }, now: Instant): Promise<Page<DryRunCase>>;
  /** writes a migration down, which workers do; throws `KeyReused` */
  migrate(to: PublishedPolicy, from: UnderPolicy, by: string, key: IdempotencyKey | null): Promise<PolicyMigration>;
  /** a page of cases lived again under this version; throws `BadCursor` */
  whatIf(policy: PublishedPolicy, filter: PastFilter, page: { limit: number; cursor: string | null }, now: Instant): Promise<WhatIfPage>;
  migration(id: string): Promise<PolicyMigration | null>;
  rosters(): Promise<PublishedRoster[]>;
  roster(name: string, version: number): Promise<PublishedRoster | null>;
  /** throws `KeyReused` */
  publishRoster(roster: Roster, by: string, key: IdempotencyKey | null): Promise<PublishedRoster>;
  /** who stands at a rung from an instant on; null when nobody does */
  onDuty(post: Post, at: Instant): Promise<OnDuty | null>;
  /** the open time of the latest version of each of these calendars; throws `CalendarUnknown` */
  hoursOfCalendars(names: readonly (string | null)[]): Promise<Hours>;
  lists(): Promise<Lists>;
  /** of those given, who has signed in, as they stand in events */
  people(given: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** a `sub` as it stands in events */
  asKept(sub: string): Promise<string>;
  /** records that somebody was seen; answers the sub that events may carry */
  seen(claims: Claims): Promise<string>;
  isDepartment(code: string): Promise<boolean>;
  channelOf(secret: string): Promise<string | null>;
  ping(): Promise<void>;
}
