import { levelOf, nextDueAt, statusOf } from '../domain/complaint/standing.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { Instant } from '../domain/time.js';

/** Stands in `due_at` for "nothing is due": later than everything, so that lists by due date need no null. */
export const NEVER: Instant = '9999-12-31T23:59:59.999Z';

/** The columns of `complaint` that change with its state. */
export function complaintColumns(state: Complaint) {
  return {
    state,
    status: statusOf(state),
    level: levelOf(state),
    tier: state.tier,
    type: state.type,
    channel: state.channel,
    department: state.department,
    owner: state.owner,
    special: state.special,
    departments: departmentsOf(state),
    due_at: nextDueAt(state) ?? NEVER,
    received_at: state.receivedAt,
    closed_at: state.closedAt,
  };
}

/** The columns of `investigation` that change with its state. */
export function investigationColumns(state: Investigation) {
  return {
    state,
    status: state.status,
    type: state.type,
    opened_at: state.openedAt,
    concluded_at: state.concludedAt,
  };
}

/** Departments that may see a case: those asked, and those with a share of it (spec: api, roles). */
export function departmentsOf(state: Complaint): string[] {
  const asked = state.requests.map((request) => request.department);
  const responsible = state.responsibility?.shares.map((share) => share.department) ?? [];
  return [...new Set([...asked, ...responsible])];
}

/** After this event nothing more can happen, so the history of the run can be stored. */
export function ends(event: { type: string }): boolean {
  return event.type === 'closed' || event.type === 'concluded';
}
