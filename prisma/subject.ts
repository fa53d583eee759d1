import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import type { Investigation } from '../domain/investigation/state.js';

/** What has a workflow, events and a chain of its own. */
export type Subject = 'complaint' | 'investigation';

interface Kinds {
  complaint: { event: ComplaintEvent; state: Complaint };
  investigation: { event: InvestigationEvent; state: Investigation };
}

export type EventOf<S extends Subject> = Kinds[S]['event'];
export type StateOf<S extends Subject> = Kinds[S]['state'];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether `id` can be the id of a row at all; anything else is not found, and not an error. */
export function isId(id: string): boolean {
  return UUID.test(id);
}
