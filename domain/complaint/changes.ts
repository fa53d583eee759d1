import { applyClockChanges } from '../sla/clock.js';
import { millis } from '../time.js';
import type { Attributed, Escalated, Extended, ExtensionRefused, ExtensionRequested, FollowedUp, Received } from './event.js';
import type { Complaint, RequestedExtension, Request, Responsibility } from './state.js';
import type { Special } from './terms.js';

/**
 * The case as its first event makes it. The new fields stand before the spread: after it, V8 takes some two microseconds to add each of
 * them (docs/performance.md).
 */
export function received(id: string, event: Received): Complaint {
  const { clocks, owner, ownerDepartment, ...filed } = event.data;
  return {
    id,
    owner,
    ownerDepartment,
    version: event.seq,
    lastAt: event.at,
    firstResolvedAt: null,
    resolvedAt: null,
    closedAt: null,
    cycle: 1,
    assignee: owner,
    coOwners: [],
    crisisOwner: null,
    resolver: null,
    solution: null,
    rung: 0,
    tracks: { customer: 'received', responsibility: 'waiting', cause: 'waiting' },
    requests: [],
    clocks: applyClockChanges([], clocks),
    escalations: [],
    paused: null,
    pausedMs: {},
    followUp: { attempts: 0, answeredBy: null, answeredRole: null, dissatisfied: 0 },
    raisedByCustomer: false,
    responsibility: null,
    waiver: null,
    investigation: null,
    news: { rootAt: null, measureAt: null, verifiedAt: null },
    ...filed,
  };
}

/** Level 2 opens when the customer's side is done for the first time (L2.1). */
export function opened(state: Complaint): Complaint['tracks'] {
  return state.tracks.responsibility === 'waiting' ? { ...state.tracks, responsibility: 'open' } : state.tracks;
}

export function specialOf(state: Pick<Complaint, 'tier' | 'flags' | 'special'>): Special[] {
  const major = state.tier === 'urgent' || state.flags.mediaThreat === true;
  return major && !state.special.includes('major') ? [...state.special, 'major'] : state.special;
}

export function dispatched(
  requests: Request[],
  {
    request,
    department,
    text,
    returnable,
    redispatchOf,
  }: { request: string; department: string; text: string; returnable: boolean; redispatchOf: string | null },
): Request[] {
  const earlier = requests.map((one) => (one.id === redispatchOf ? { ...one, redispatchedAs: request } : one));
  return [...earlier, { id: request, department, state: 'asked', text, plan: null, returnable, redispatchedAs: null }];
}

export function inRequest(state: Complaint, id: string, change: Partial<Request>): Request[] {
  return state.requests.map((request) => (request.id === id ? { ...request, ...change } : request));
}

/** Milliseconds paused for a reason in this cycle. */
export function pausedSoFar(pausedMs: Record<string, number>, reason: string): number {
  return Object.hasOwn(pausedMs, reason) ? (pausedMs[reason] ?? 0) : 0;
}

export function pausedUntil(state: Complaint, end: string): Record<string, number> {
  if (!state.paused) return state.pausedMs;
  const { reason, since } = state.paused;
  return { ...state.pausedMs, [reason]: pausedSoFar(state.pausedMs, reason) + millis(end) - millis(since) };
}

export function attributed({ at, by, data }: Attributed): Responsibility {
  const { nature, shares, note, contestUntil } = data;
  return { nature, shares, note, contestUntil, proposedBy: by, proposedAt: at, agreed: [], contested: [], decision: null };
}

export function inResponsibility(state: Complaint, change: (now: Responsibility) => Partial<Responsibility>): Partial<Complaint> {
  return { responsibility: state.responsibility && { ...state.responsibility, ...change(state.responsibility) } };
}

export function escalated(state: Complaint, { at, by, data }: Escalated): Partial<Complaint> {
  const { escalation, from, to, cause, clock, reason, aboveTier } = data;
  const special: Special[] = aboveTier && !state.special.includes('escalated') ? [...state.special, 'escalated'] : state.special;
  return {
    rung: to,
    special,
    raisedByCustomer: state.raisedByCustomer || cause === 'customer',
    escalations: [
      ...state.escalations,
      { id: escalation, at, from, to, cause, clock, reason, by, acknowledgedBy: null, acknowledgedAt: null },
    ],
  };
}

/** The extensions after one was asked for, granted or refused. One that needs no approval is granted as it is asked for. */
export function extensionsAfter(
  { extensions = [] }: Complaint,
  { type, at, by, data }: ExtensionRequested | Extended | ExtensionRefused,
): RequestedExtension[] {
  const { statute, extension, clock } = data;
  const asked = { statute, extension, clock, requestedBy: by, requestedAt: at };
  if (type === 'extension_requested') {
    return [...extensions, { ...asked, state: 'requested', approval: data.approval, decidedBy: null, decidedAt: null }];
  }
  const state = type === 'extended' ? 'granted' : 'refused';
  const open = extensions.find((one) => one.state === 'requested' && one.clock === clock);
  if (!open) return [...extensions, { ...asked, state, approval: null, decidedBy: by, decidedAt: at }];
  return extensions.map((one) => (one === open ? { ...one, state, decidedBy: by, decidedAt: at } : one));
}

/** After a verdict. That of a customer who is content also ends what was handled again because staff had taken down the contrary. */
export function followedUp(state: Complaint, { at, by, role, data: { satisfied } }: FollowedUp): Partial<Complaint> {
  const { tracks, followUp } = state;
  return {
    ...(satisfied ? { tracks: { ...tracks, customer: 'satisfied' }, paused: null, resolvedAt: state.resolvedAt ?? at } : {}),
    followUp: { ...followUp, answeredBy: by, answeredRole: role, dissatisfied: followUp.dissatisfied + (satisfied ? 0 : 1) },
  };
}

/** A follow-up that is under way goes on from here; it is not asked in the past. */
export function followUpFrom({ tracks, followUp }: Complaint, at: string): Complaint['followUp'] {
  return tracks.customer === 'resolved' ? { ...followUp, from: { at, made: followUp.attempts } } : followUp;
}

/** The follow-up of another cycle knows nothing of a migration in this one. */
export function asked({ from: _from, ...followUp }: Complaint['followUp']): Complaint['followUp'] {
  return followUp;
}
