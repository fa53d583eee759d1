import { rungOf } from '../policy/budgets.js';
import type { ActingRole } from '../event.js';
import type { Agreement } from '../policy/agreement.js';
import type { ClockChange } from '../sla/clock.js';
import type { Instant } from '../time.js';
import { isElsewhere, startingAs, startingStatutes } from './clocks.js';
import { begin, byCommand, bySystem, emit, type Course } from './course.js';
import type { File } from './command.js';
import { pass } from './deadlines.js';
import type { ComplaintEvent, Received } from './event.js';
import { evolve } from './evolve.js';
import { climbFor, raise } from './ladder.js';
import { accepting } from './rules/ownership.js';
import type { Special } from './terms.js';
import { tierOfFlags, worse } from './triage.js';

/** The rules that new cases are decided by. A case keeps its number for life; a change of what comes out gets a new one. */
export const RULES = 1;

/**
 * The first events of a complaint, all decided at intake: `received`, what was due between its receipt and its filing,
 * escalations of its tier and flags, and `accepted` when staff filed it (L1.1, L1.5, L1.6; spec: case, commands).
 */
export function openComplaint(file: File, agreement: Agreement): ComplaintEvent[] {
  const { policy } = agreement;
  const received = receive(file, agreement);
  const course: Course = { ...begin(evolve(null, received, file.data.complaint), agreement), events: [received] };
  const at = received.at;
  if (rungOf(policy, received.data.tier) > 0)
    raise(course, { cause: 'tier', to: rungOf(policy, received.data.tier) }, { ...bySystem(at), command: file.id });
  if (received.data.flags.mediaThreat) climbFor(course, 'media', { ...bySystem(at), command: file.id });
  pass(course, file.at);
  const owner = inherited(file) ?? (isStaff(file.role) ? { sub: file.by, department: file.department } : null);
  if (owner) emit(course, accepting(course, owner, byCommand(file, file.at), null));
  return course.events;
}

/** When a complaint reached the company: the instant its clocks start at. */
export function receiptOf({ at, data }: File): Instant {
  return data.receivedAt ?? at;
}

function receive(file: File, agreement: Agreement): Received {
  const { complaint: _id, important, tier: asked, receivedAt: _receivedAt, ...filing } = file.data;
  const at = receiptOf(file);
  const tier = worse(asked ?? 'general', tierOfFlags(filing.flags));
  const clock = (name: 'response' | 'resolution' | 'dispatch'): ClockChange =>
    startingAs(agreement, tier, { id: `${name}-1`, name, at, cycle: 1, request: null });
  const ownerDepartment = filing.owner === null && isStaff(file.role) ? file.department : filing.ownerDepartment;
  const clocks = [clock('response'), clock('resolution'), ...(isElsewhere(filing.department, ownerDepartment) ? [clock('dispatch')] : []), ...startingStatutes(agreement, at, 1)];
  const special: Special[] = [
    ...(filing.repeatOf === null ? [] : ['repeat' as const]),
    ...(important ? ['key_customer' as const] : []),
    ...(tier === 'urgent' || filing.flags.mediaThreat ? ['major' as const] : []),
  ];
  return {
    seq: 1,
    type: 'received',
    data: { tier, receivedAt: at, openedAt: file.at, filedBy: file.by, special, rules: RULES, clocks, ...filing },
    ...byCommand(file, at),
  };
}

/** A message after the close goes to who had the case (spec: case, the gate). */
function inherited({ data }: File): { sub: string; department: string | null } | null {
  return data.owner === null ? null : { sub: data.owner, department: data.ownerDepartment };
}

function isStaff(role: ActingRole): boolean {
  return role === 'agent' || role === 'supervisor';
}
