import { clocksOf, levelOf, nextDueAt, statusOf } from '../domain/complaint/standing.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { Instant } from '../domain/time.js';
import { hoursOfCase } from './agreements.js';
import type { Database } from './database.js';
import type { StateOf, Subject } from './subject.js';

/** Stands in `due_at` for "nothing is due": later than everything, so that lists by due date need no null. */
export const NEVER: Instant = '9999-12-31T23:59:59.999Z';

/** The columns of `complaint` that change with its state. */
export async function complaintColumns(database: Database, state: Complaint) {
  const hours = await hoursOfCase(database, state);
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
    due_at: nextDueAt(state, hours) ?? NEVER,
    clocks: state.closedAt !== null ? null : clocksOf(state).map(({ name, standing }) => `${name}:${standing}`).join(' '),
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

/** Every column that follows from a state, by its name. */
export async function columnsOf<S extends Subject>(database: Database, subject: S, state: StateOf<S>): Promise<Record<string, unknown>> {
  return subject === 'complaint' ? complaintColumns(database, state as Complaint) : investigationColumns(state as Investigation);
}

/** A case's whole row as it stands, read at one instant. */
export interface Row {
  head: number;
  hash: string;
  state: unknown;
  /** the other columns by their names, instants as text */
  columns: Record<string, unknown>;
}

/** Null when there is no such case. */
export async function rowOf({ client }: Database, subject: Subject, id: string): Promise<Row | null> {
  const where = { where: { id } };
  const row = subject === 'complaint' ? await client.complaint.findUnique(where) : await client.investigation.findUnique(where);
  if (row === null) return null;
  const { head, hash, state, ...rest } = row;
  const told = Object.entries(rest).map(([name, value]): [string, unknown] => [name, value instanceof Date ? value.toISOString() : value]);
  return { head, hash, state, columns: Object.fromEntries(told) };
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
