import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CommandName, ComplaintCommand, Escalate, File } from '../domain/complaint/command.js';
import type { Migrate } from '../domain/complaint/migration.js';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { Answer, Sent } from '../domain/event.js';
import type { InvestigationCommand, InvestigationCommandName, Open } from '../domain/investigation/command.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { Pinned } from '../domain/policy/agreement.js';

/** What goes on where an earlier run of the same workflow stopped. */
export interface Carried<State> {
  state: State;
  /** recent commands by id, each with the version it made: the engine forgets update ids across runs */
  recent: [id: string, version: number][];
}

/** The input of a complaint's workflow: its first events, decided at intake, and the signed filing they came from. */
export interface ComplaintStart extends Pinned {
  complaint: string;
  file: File;
  signature: string;
  events: ComplaintEvent[];
  carried?: Carried<Complaint>;
}

/** The input of an investigation's workflow. */
export interface InvestigationStart {
  investigation: string;
  open: Open;
  signature: string;
  events: InvestigationEvent[];
  carried?: Carried<Investigation>;
  /** what each complaint has been told, so that nobody is told twice */
  told?: Record<string, string>;
}

/** One update per command, under the command's own name. */
export function complaintUpdate<N extends CommandName>(name: N) {
  return defineUpdate<Answer<ComplaintEvent>, [Sent<ComplaintCommand<N>>]>(name);
}

/** Not a command that people give over HTTP on a case: a migration of open cases, with the policy and the calendars themselves. */
export const migrateUpdate = defineUpdate<Answer<ComplaintEvent>, [Migrating]>('migrate');
export type Migrating = Sent<Migrate> & { pinned: Pinned };

export function investigationUpdate<N extends InvestigationCommandName>(name: N) {
  return defineUpdate<Answer<InvestigationEvent>, [Sent<InvestigationCommand<N>>]>(name);
}

/**
 * Not a command: settles that one which was refused to one sender is not taken from another later (docs/decisions/0004). It is sent
 * under that command's own id, so that within a run the server itself keeps them apart.
 */
export function settleUpdate<E>() {
  return defineUpdate<Answer<E>, [Sent<{ id: string; name: 'settle' }>]>('settle');
}

/** A supervisor's, owner's or customer's escalation: taken in any state of a living case, once per intent. */
export const escalateSignal = defineSignal<[Escalation]>('escalate');

export interface Escalation {
  command: Escalate;
  signature: string;
}

/** Whether a signal is one that the API sends. Whoever has access to the engine can send another, which says nothing to be recorded. */
export function isEscalation(message: Partial<Escalation> | null | undefined): message is Escalation {
  const command: Partial<Escalate> | null | undefined = message?.command;
  if (typeof command?.id !== 'string' || typeof command.by !== 'string' || typeof command.role !== 'string') return false;
  if (typeof command.at !== 'string' || !INSTANT.test(command.at) || Number.isNaN(Date.parse(command.at))) return false;
  const data: Partial<Escalate['data']> | null | undefined = command.data;
  return typeof data?.reason === 'string' && (data.to === null || Number.isInteger(data.to));
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const complaintQuery = defineQuery<Complaint>('complaint');

/** Type of the failure that a refused update carries; its first detail is the refusal. */
export const REFUSAL = 'Refusal';
/** Type of the failure that a run answers with which the record is ahead of: nothing may be done on it. */
export const BEHIND = 'Behind';
