import { isCustomerDone } from './standing.js';
import type { Complaint } from './state.js';

export type Missing = 'customer-not-done' | 'follow-up-open' | 'responsibility-not-decided' | 'cause-not-verified' | 'waiver-not-approved';

/** What stands between a case and its close, as stable codes; empty when the gate is open (L3.5; spec: case, the gate). */
export function missing(state: Complaint): Missing[] {
  const list: Missing[] = [];
  if (!isCustomerDone(state)) list.push(state.tracks.customer === 'resolved' ? 'follow-up-open' : 'customer-not-done');
  if (state.tracks.responsibility !== 'decided') list.push('responsibility-not-decided');
  if (state.tracks.cause !== 'verified' && state.tracks.cause !== 'waived') {
    list.push(state.waiver?.state === 'requested' ? 'waiver-not-approved' : 'cause-not-verified');
  }
  return list;
}
