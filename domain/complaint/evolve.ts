import { applyClockChanges } from '../sla/clock.js';
import { latest } from '../time.js';
import { attributed, dispatched, escalated, inRequest, inResponsibility, asked, extensionsAfter, followedUp, followUpFrom, opened, pausedUntil, received, specialOf } from './changes.js';
import type { ComplaintEvent, Received } from './event.js';
import type { Complaint } from './state.js';

/** The case after one more event. The first event of a case is `received`. Pure, and total over every event ever released. */
export function evolve(state: Complaint | null, event: ComplaintEvent, id: string): Complaint {
  if (event.type === 'received') return received(id, event);
  if (state === null) throw new Error(`the first event of complaint ${id} is ${event.type}, not received`);
  const clocks = 'clocks' in event.data ? applyClockChanges(state.clocks, event.data.clocks) : state.clocks;
  return { ...state, clocks, ...changes({ ...state, clocks }, event), version: event.seq, lastAt: latest(state.lastAt, event.at) };
}

/** The case as the fold of all its events; null when there are none. */
export function fold(id: string, events: ComplaintEvent[], from: Complaint | null = null): Complaint | null {
  return events.reduce<Complaint | null>((state, event) => evolve(state, event, id), from);
}

function changes(state: Complaint, event: Exclude<ComplaintEvent, Received>): Partial<Complaint> {
  switch (event.type) {
    case 'accepted':
      return {
        owner: event.data.owner,
        ownerDepartment: event.data.department,
        assignee: event.data.owner,
        tracks: state.tracks.customer === 'received' ? { ...state.tracks, customer: 'accepted' } : state.tracks,
      };
    case 'answered':
      return state.tracks.customer === 'accepted' ? { tracks: { ...state.tracks, customer: 'answered' } } : {};
    case 'classified':
      return { ...event.data.changes, special: specialOf({ ...state, ...event.data.changes }) };
    case 'assigned':
      return { assignee: event.data.assignee };
    case 'transferred':
      return {
        owner: event.data.owner,
        ownerDepartment: null,
        assignee: state.assignee === state.owner ? event.data.owner : state.assignee,
      };
    case 'dispatched':
      return { requests: dispatched(state.requests, event.data) };
    case 'planned':
      return { requests: inRequest(state, event.data.request, { state: 'planned', plan: event.data.plan }) };
    case 'returned':
      return { requests: inRequest(state, event.data.request, { state: 'returned' }) };
    case 'paused':
      return { paused: { reason: event.data.reason, since: event.at, until: event.data.until } };
    case 'resumed':
      return { paused: null, pausedMs: pausedUntil(state, event.data.from) };
    case 'resolved':
      return {
        tracks: { ...opened(state), customer: 'resolved' },
        paused: null,
        resolver: event.by,
        solution: event.data.solution,
        resolvedAt: event.at,
        firstResolvedAt: state.firstResolvedAt ?? event.at,
        followUp: { ...asked(state.followUp), attempts: 0, answeredBy: null, answeredRole: null },
      };
    case 'follow_up_attempted':
      return { followUp: { ...state.followUp, attempts: event.data.attempt } };
    case 'followed_up':
      return followedUp(state, event);
    case 'reopened':
      return {
        cycle: event.data.cycle,
        tracks: { ...state.tracks, customer: state.owner === null ? 'received' : 'accepted' },
        paused: null,
        pausedMs: {},
        resolvedAt: null,
        raisedByCustomer: false,
        followUp: { ...asked(state.followUp), attempts: 0 },
      };
    case 'unanswered':
      return { tracks: { ...state.tracks, customer: 'unanswered' } };
    case 'finalized':
      return {
        tracks: { ...opened(state), customer: 'final' },
        paused: null,
        resolver: event.by,
        solution: event.data.message,
        resolvedAt: event.at,
        firstResolvedAt: state.firstResolvedAt ?? event.at,
      };
    case 'withdrawn':
      return { tracks: { ...opened(state), customer: 'withdrawn' }, paused: null };
    case 'attributed':
      return { tracks: { ...state.tracks, responsibility: 'proposed' }, responsibility: attributed(event) };
    case 'agreed':
      return inResponsibility(state, ({ agreed }) => ({ agreed: [...agreed, event.data.department] }));
    case 'contested':
      return {
        ...inResponsibility(state, ({ contested }) => ({ contested: [...contested, event.data.department] })),
        tracks: { ...state.tracks, responsibility: 'contested' },
      };
    case 'decided': {
      const { upheld, nature, shares, handling, note } = event.data;
      return {
        ...inResponsibility(state, () => ({ nature, shares, decision: { by: event.by, at: event.at, upheld, handling, note } })),
        tracks: { ...state.tracks, responsibility: 'decided', cause: 'open' },
      };
    }
    case 'investigation_linked':
      return { investigation: event.data.investigation };
    case 'informed':
      return { news: { rootAt: event.data.rootAt, measureAt: event.data.measureAt, verifiedAt: event.data.verifiedAt } };
    case 'improving':
      return { tracks: { ...state.tracks, cause: 'improving' } };
    case 'verified':
      return { tracks: { ...state.tracks, cause: 'verified' } };
    case 'waiver_requested':
      return { waiver: { requestedBy: event.by, state: 'requested' } };
    case 'waiver_approved':
      return { waiver: state.waiver && { ...state.waiver, state: 'approved' }, tracks: { ...state.tracks, cause: 'waived' } };
    case 'waiver_refused':
      return { waiver: state.waiver && { ...state.waiver, state: 'refused' } };
    case 'policy_migrated':
      // JSON leaves out what is undefined: a policy without calendars pins none
      return { policy: event.data.to, calendars: event.data.calendars, followUp: followUpFrom(state, event.at) };
    case 'extension_requested':
    case 'extended':
    case 'extension_refused':
      return { extensions: extensionsAfter(state, event) };
    case 'clock_warned':
      return {
        clocks: state.clocks.map((clock) =>
          clock.id === event.data.clock ? { ...clock, warned: [...clock.warned, event.data.percent] } : clock,
        ),
      };
    case 'clock_breached':
      return { clocks: state.clocks.map((clock) => (clock.id === event.data.clock ? { ...clock, breachedAt: event.data.dueAt } : clock)) };
    case 'escalated':
      return escalated(state, event);
    case 'escalation_refused':
      return event.data.cause === 'customer' ? { raisedByCustomer: true } : {};
    case 'acknowledged':
      return {
        escalations: state.escalations.map((one) =>
          event.data.escalations.includes(one.id) ? { ...one, acknowledgedBy: event.by, acknowledgedAt: event.at } : one,
        ),
      };
    case 'root_found':
    case 'heard':
    case 'noted':
      return {};
    case 'closed':
      return { closedAt: event.at };
  }
}
