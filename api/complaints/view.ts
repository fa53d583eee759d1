import { Demand } from '../../domain/complaint/schema.js';
import { levelOf, statusOf } from '../../domain/complaint/standing.js';
import type { Complaint, Responsibility } from '../../domain/complaint/state.js';
import { readRecord, usedAt, type Clock } from '../../domain/sla/clock.js';
import type { Hours } from '../../domain/sla/openTime.js';
import { millis, SECOND, type Instant } from '../../domain/time.js';
import type { Say } from '../access/words.js';
import type { ComplaintView } from './shape.js';

/** What a view shows beside the state: from the vault, as far as the reader may see it. */
export interface Beside {
  say: Say;
  trackingCode: string | null;
  customer: { key: string | null; name: string | null };
  /** the reader's now: what clocks have used is counted up to it */
  now: Instant;
  hours: Hours;
}

/** A complaint in the contract's shape. */
export function complaintView(state: Complaint, { say, trackingCode, customer, now, hours }: Beside): ComplaintView {
  return {
    id: state.id, trackingCode, version: state.version, status: statusOf(state), level: levelOf(state), cycle: state.cycle,
    tier: state.tier, channel: state.channel, type: state.type, subtype: state.subtype, product: state.product, region: state.region,
    flags: state.flags, emotion: state.emotion,
    customer, text: say(state.text), demand: demandOf(state, say), solution: say(state.solution),
    owner: state.owner, assignee: state.assignee, coOwners: state.coOwners, crisisOwner: state.crisisOwner,
    department: state.department, rung: state.rung, special: state.special, repeatOf: state.repeatOf, tracks: state.tracks,
    requests: state.requests.map(({ id, department, state: reached, text, plan }) =>
      ({ id, department, state: reached, request: say(text), plan: say(plan) })),
    clocks: state.clocks.map((clock) => clockView(clock, hours, now)),
    escalations: state.escalations.map(({ at, from, to, cause, clock, reason, by, acknowledgedBy, acknowledgedAt }) =>
      ({ at, from, to, cause, clock, reason: say(reason), by, acknowledgedBy, acknowledgedAt })),
    extensions: (state.extensions ?? []).map(({ clock: _clock, ...extension }) => extension),
    responsibility: state.responsibility && responsibilityView(state.responsibility, say),
    investigation: state.investigation, policy: { name: state.policy.name, version: state.policy.version },
    timeToFirstResolutionSeconds: secondsTo(state, state.firstResolvedAt), totalTimeSeconds: secondsTo(state, state.resolvedAt),
    receivedAt: state.receivedAt, openedAt: state.openedAt,
    firstResolvedAt: state.firstResolvedAt, resolvedAt: state.resolvedAt, closedAt: state.closedAt,
  };
}

/** By the wall clock, from the receipt on. */
function secondsTo({ receivedAt }: Complaint, at: Instant | null): number | null {
  return at === null ? null : wholeSeconds(millis(at) - millis(receivedAt));
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / SECOND);
}

/** What a clock has used at `now`, in whole seconds. */
export function consumedSeconds(clock: Clock, hours: Hours, now: Instant): number {
  return wholeSeconds(usedAt(clock, hours, now));
}

function clockView(clock: Clock, hours: Hours, now: Instant): ComplaintView['clocks'][number] {
  const { state, dueAt, breachedAt, consumedMs, stoppedAt } = readRecord(clock, hours, now);
  return {
    id: clock.id, name: clock.name, cycle: clock.cycle, request: clock.request, scope: clock.scope, state, startedAt: clock.startedAt,
    budgetSeconds: clock.budgetMs / SECOND, consumedSeconds: wholeSeconds(consumedMs), dueAt, breachedAt, stoppedAt,
    calendar: clock.calendar ?? null, log: clock.log,
  };
}

function responsibilityView(level: Responsibility, say: Say): NonNullable<ComplaintView['responsibility']> {
  const { nature, shares, note, proposedBy, proposedAt, contestUntil, agreed, contested, decision } = level;
  return {
    nature, note: say(note), proposedBy, proposedAt, contestUntil, agreed, contested,
    shares: shares.map((share) => ({ ...share, evidence: share.evidence && { text: say(share.evidence.text), at: share.evidence.at } })),
    decision: decision && { ...decision, handling: say(decision.handling), note: say(decision.note) },
  };
}

/** The three fields lie in the vault as one text of JSON; `{}` when none was given, null when they may not be read. */
function demandOf(state: Complaint, say: Say): Demand | null {
  if (state.demand === null) return {};
  const text = say(state.demand);
  return text === null ? null : Demand.parse(JSON.parse(text));
}
