import { createHash } from 'node:crypto';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { WordsRef } from '../domain/event.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { Subject } from './subject.js';

/**
 * Something to be told, in references only. `recipient` is the id of a customer, the `sub` of a person, `rung:2`,
 * `rung:3:deputy` or `department:logistics`.
 */
export interface Delivery {
  id: string;
  subject: Subject;
  /** the complaint, or the investigation when that is the subject */
  complaint: string;
  seq: number;
  /** the event's type */
  kind: string;
  audience: 'customer' | 'staff';
  recipient: string;
  /** the words to be told, if any */
  ref: WordsRef | null;
}

type Told = Pick<Delivery, 'audience' | 'recipient' | 'ref'>;

/**
 * Whom an event of a complaint is told to: the customer at each key step (L1.8), staff where somebody has to act (L1.14).
 * A follow-up attempt is put into the outbox by an activity of the case, in its history.
 */
export function toldOfComplaint(event: ComplaintEvent, state: Complaint): Delivery[] {
  return deliveries('complaint', state.id, event, audienceOf(event, state));
}

/** Whom an event of an investigation is told to: the owner of a measure before its due date, a supervisor too after it. */
export function toldOfInvestigation(event: InvestigationEvent, state: Investigation): Delivery[] {
  if (event.type !== 'measure_reminded' && event.type !== 'measure_overdue') return [];
  const measure = state.measures.find(({ id }) => id === event.data.measure);
  return deliveries('investigation', state.id, event, measure ? [staff(measure.owner, measure.text), ...(event.type === 'measure_overdue' ? [staff('rung:1', measure.text)] : [])] : []);
}

function audienceOf(event: ComplaintEvent, state: Complaint): Told[] {
  const customer = (ref: WordsRef | null = null): Told => ({ audience: 'customer', recipient: state.customer, ref });
  const owner = (ref: WordsRef | null = null): Told => staff(state.owner ?? `rung:${state.rung}`, ref);
  switch (event.type) {
    case 'received':
    case 'accepted':
    case 'unanswered':
    case 'closed':
      return [customer()];
    case 'answered':
      return [customer(event.data.message)];
    case 'dispatched':
      return [customer(), staff(`department:${event.data.department}`, event.data.text)];
    case 'resolved':
      return [customer(event.data.message ?? event.data.solution)];
    case 'finalized':
      return [customer(event.data.message)];
    case 'withdrawn':
    case 'reopened':
      return [customer(), owner()];
    case 'followed_up':
      // who answers for the customer has the customer told of it, who may contradict (spec: case, follow-up)
      if (event.role !== 'customer') return [customer(event.data.comment)];
      // and where the customer does, who handles the case again need not
      return event.data.clocks.some(({ op }) => op === 'cancel') ? [owner(event.data.comment)] : [];
    case 'heard':
      return [owner(event.data.text)];
    case 'resumed':
      return event.data.cause === 'limit' ? [owner()] : [];
    case 'returned':
      return [staff('rung:1', event.data.reason)];
    case 'clock_warned':
    case 'clock_breached':
      return [owner()];
    case 'escalated':
      return [staff(event.data.from === event.data.to ? `rung:${event.data.to}:deputy` : `rung:${event.data.to}`, event.data.reason)];
    case 'attributed':
    case 'decided':
      return [...new Set(event.data.shares.map((share) => share.department))].map((department) => staff(`department:${department}`, event.data.note));
    case 'extension_requested':
      return [staff(`rung:${event.data.approval}`, event.data.reason)];
    case 'extended':
      return [customer(), owner()];
    case 'extension_refused':
      return [owner(event.data.reason)];
    case 'waiver_requested':
      return [staff('rung:1', event.data.reason)];
    default:
      return [];
  }
}

function staff(recipient: string, ref: WordsRef | null): Told {
  return { audience: 'staff', recipient, ref };
}

function deliveries(subject: Subject, complaint: string, { seq, type }: { seq: number; type: string }, told: Told[]): Delivery[] {
  return told.map((one) => {
    const delivery = { subject, complaint, seq, kind: type, ...one };
    return { id: deliveryId(delivery), ...delivery };
  });
}

/**
 * The id under which a recipient knows a delivery, however often it comes (RFC 9562, version 8). It is made of what is told, so that
 * it is the same also when it is put here again, after a restore of the database.
 */
export function deliveryId({ complaint, seq, kind, recipient }: Pick<Delivery, 'complaint' | 'seq' | 'kind' | 'recipient'>): string {
  const hex = createHash('sha256').update([complaint, String(seq), kind, recipient].join(' ')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
