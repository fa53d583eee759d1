import type { Decision } from '../refusal.js';
import { conflict, stale } from '../refusal.js';
import type { Agreement } from '../policy/agreement.js';
import { earliest, latest, type Instant } from '../time.js';
import { begin, byCommand, type Course } from './course.js';
import type { CommandName, ComplaintCommand, Escalate } from './command.js';
import { pass } from './deadlines.js';
import type { ComplaintEvent } from './event.js';
import { missing } from './gate.js';
import * as cause from './rules/cause.js';
import { classify } from './rules/classification.js';
import * as conversation from './rules/conversation.js';
import { dispatch, plan, returning } from './rules/departments.js';
import { acknowledge, escalate } from './rules/escalation.js';
import { accept, assign, transfer } from './rules/ownership.js';
import { pause, resume } from './rules/pausing.js';
import * as resolution from './rules/resolution.js';
import { agree, attribute, contest, decideResponsibility } from './rules/responsibility.js';
import type { Rule } from './rules/rule.js';
import * as statutes from './rules/statutes.js';
import { settle } from './settle.js';
import type { Complaint } from './state.js';

const close: Rule<'close'> = ({ state }) =>
  conflict('gate-shut', 'The case closes by itself when the last missing item arrives.', missing(state));

/** One rule for each command (spec: case, commands). */
const rules: { [N in CommandName]: Rule<N> } = {
  accept,
  assign,
  transfer,
  classify,
  dispatch,
  plan,
  return: returning,
  pause,
  resume,
  acknowledge,
  close,
  answer: conversation.answer,
  hear: conversation.hear,
  note: conversation.note,
  resolve: resolution.resolve,
  followUp: resolution.followUp,
  finalize: resolution.finalize,
  extend: statutes.extend,
  approveExtension: statutes.approveExtension,
  refuseExtension: statutes.refuseExtension,
  withdraw: resolution.withdraw,
  retractWithdrawal: resolution.retractWithdrawal,
  attribute,
  agree,
  contest,
  decide: decideResponsibility,
  investigate: cause.investigate,
  inform: cause.inform,
  waive: cause.waive,
  approveWaiver: cause.approveWaiver,
  refuseWaiver: cause.refuseWaiver,
};

const closed = conflict('closed', 'The case is closed; a new message of the customer opens a new one.');

/**
 * What a command does to a case: the numbered events it makes, or why not. First comes everything that was due before
 * the command's instant, then its own events, then what follows from them. Of several refusals the first in the order of the
 * contract is told: forbidden, invalid, stale, conflict.
 * @param now the engine's time: no command is later than that
 * @param ifMatch the version the caller saw, or null
 */
export function decide<N extends CommandName>(
  state: Complaint,
  command: ComplaintCommand<N>,
  agreement: Agreement,
  now: Instant,
  ifMatch: number | null = null,
): Decision<ComplaintEvent> {
  const seen = ifMatch === null || ifMatch === state.version;
  if (state.closedAt !== null) return seen ? closed : stale(state.version);
  const at = effective(state, command.at, now);
  const course = begin(state, agreement);
  pass(course, at);
  if (isClosed(course)) return seen ? closed : stale(state.version);
  const refused = (rules[command.name] as Rule<N>)(course, command, at);
  if (refused && refused.refusal.kind !== 'conflict') return refused;
  if (!seen) return stale(state.version);
  if (refused) return refused;
  settle(course, at, byCommand(command, at));
  if (!isClosed(course)) pass(course, at);
  return { events: course.events };
}

/** What an escalation signal does: never refused, for a signal cannot be; one that makes no sense is recorded as such. */
export function decideEscalation(state: Complaint, command: Escalate, agreement: Agreement, now: Instant): ComplaintEvent[] {
  if (state.closedAt !== null) return [];
  const at = effective(state, command.at, now);
  const course = begin(state, agreement);
  pass(course, at);
  if (!isClosed(course)) escalate(course, command, at);
  return course.events;
}

function isClosed({ state }: Course): boolean {
  return state.closedAt !== null;
}

/** The instant of a command: when its intent was written, never after the engine's time, never before the case's last event. */
export function effective(state: Complaint, written: Instant, now: Instant): Instant {
  return latest(earliest(written, now), state.lastAt);
}
