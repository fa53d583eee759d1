import { decide, decideEscalation } from '../../../domain/complaint/decide.js';
import type { CommandName, ComplaintCommand, ComplaintCommands, Escalate, File, Filing } from '../../../domain/complaint/command.js';
import { advance } from '../../../domain/complaint/deadlines.js';
import type { ComplaintEvent } from '../../../domain/complaint/event.js';
import { fold } from '../../../domain/complaint/evolve.js';
import { openComplaint } from '../../../domain/complaint/intake.js';
import type { Complaint } from '../../../domain/complaint/state.js';
import type { Share } from '../../../domain/complaint/terms.js';
import type { Actor } from '../../../domain/event.js';
import { agreementOf, type Pinned } from '../../../domain/policy/agreement.js';
import { defaultPolicy } from '../../../domain/policy/default.js';
import type { Policy } from '../../../domain/policy/schema.js';
import type { Refusal } from '../../../domain/refusal.js';
import { plus, type Instant } from '../../../domain/time.js';

export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const T0: Instant = '2026-11-02T00:00:00.000Z';

export const ann: Actor = { by: 'ann', role: 'agent', rung: null, department: null };
export const ben: Actor = { by: 'ben', role: 'agent', rung: null, department: null };
export const sue: Actor = { by: 'sue', role: 'supervisor', rung: 1, department: null };
export const sam: Actor = { by: 'sam', role: 'supervisor', rung: 2, department: null };
export const head: Actor = { by: 'eve', role: 'supervisor', rung: 3, department: null };
export const lou: Actor = { by: 'lou', role: 'department', rung: null, department: 'logistics' };
export const pat: Actor = { by: 'pat', role: 'department', rung: null, department: 'production' };
export const web: Actor = { by: 'web', role: 'channel', rung: null, department: null };
export const customer: Actor = { by: 'customer', role: 'customer', rung: null, department: null };

/** A case under test: it is filed, commanded and let alone, and keeps every event. Instants are milliseconds after T0. */
export interface Case {
  file: File;
  state: Complaint;
  events: ComplaintEvent[];
  /** what was taken, by its id */
  commands: Map<string, ComplaintCommand | Escalate>;
  /** the events of the last step */
  last: ComplaintEvent[];
  do<N extends CommandName>(actor: Actor, name: N, data: ComplaintCommands[N], after?: number, ifMatch?: number): Refusal | null;
  escalate(actor: Actor, to: number | null, after?: number): void;
  wait(after: number): void;
}

export function filed(by: Actor = ann, filing: Partial<Filing> = {}, policy: Policy | Pinned = defaultPolicy): Case {
  const agreement = agreementOf('policy' in policy ? policy : { policy });
  const file: File = {
    id: 'f',
    name: 'file',
    at: T0,
    ...by,
    data: {
      complaint: 'case',
      channel: 'phone',
      customer: 'customer-1',
      important: false,
      text: 'w-text',
      type: null,
      subtype: null,
      product: null,
      region: null,
      department: null,
      tier: null,
      flags: {},
      emotion: null,
      demand: null,
      receivedAt: null,
      policy: { name: 'default', version: 1 },
      repeatOf: null,
      owner: null,
      ownerDepartment: null,
      ...filing,
    },
  };
  let now = 0;
  let number = 0;
  const events = openComplaint(file, agreement);
  const add = (more: ComplaintEvent[]) => {
    kase.last = more;
    kase.events.push(...more);
    kase.state = folded(kase.events);
  };
  const kase: Case = {
    file,
    state: folded(events),
    events: [...events],
    commands: new Map(),
    last: events,
    do(actor, name, data, after = now, ifMatch) {
      now = Math.max(now, after);
      const command = { id: `i${++number}`, name, at: plus(T0, after), ...actor, data } as ComplaintCommand<typeof name>;
      const decision = decide(kase.state, command, agreement, plus(T0, now), ifMatch ?? null);
      if ('refusal' in decision) {
        kase.last = [];
        return decision.refusal;
      }
      kase.commands.set(command.id, command as ComplaintCommand);
      add(decision.events);
      return null;
    },
    escalate(actor, to, after = now) {
      now = Math.max(now, after);
      const command: Escalate = { id: `i${++number}`, name: 'escalate', at: plus(T0, after), ...actor, data: { reason: 'w', to } };
      kase.commands.set(command.id, command);
      add(decideEscalation(kase.state, command, agreement, plus(T0, now)));
    },
    wait(after) {
      now = Math.max(now, after);
      add(advance(kase.state, agreement, plus(T0, after)));
    },
  };
  return kase;
}

export function folded(events: ComplaintEvent[]): Complaint {
  const state = fold('case', events);
  if (!state) throw new Error('no events');
  return state;
}

/** Types of events, in order. */
export function types(events: ComplaintEvent[]): string[] {
  return events.map(({ type }) => type);
}

export function clock(kase: Case, id: string) {
  const found = kase.state.clocks.find((one) => one.id === id);
  if (!found) throw new Error(`no clock ${id} among ${kase.state.clocks.map((one) => one.id).join(', ')}`);
  return found;
}

export const solution = { solution: 'w-solution', message: null, agreed: true, cost: null, reason: null };
export const message = { message: 'w-message', parts: null };
export const satisfied = { satisfied: true, score: 5, comment: null };
export const dissatisfied = { satisfied: false, score: 1, comment: 'w-comment' };
export const shareOf = (department: string, percent = 100): Share => ({
  department,
  person: null,
  percent,
  conduct: 'ordinary',
  evidence: null,
});

/** A case whose customer is satisfied: level 2 is open. */
export function satisfiedCase(): Case {
  const kase = filed();
  kase.do(ann, 'answer', message, MIN);
  kase.do(ann, 'resolve', solution, 2 * MIN);
  kase.do(customer, 'followUp', satisfied, 3 * MIN);
  return kase;
}

/** A case whose responsibility is decided: level 3 is open. */
export function decidedCase(): Case {
  const kase = satisfiedCase();
  kase.do(sue, 'attribute', { nature: 'process', shares: [shareOf('logistics')], note: 'w' }, 4 * MIN);
  kase.do(lou, 'agree', { reason: null }, 5 * MIN);
  kase.do(sam, 'decide', { upheld: true, nature: null, shares: null, handling: 'w', note: 'w' }, 6 * MIN);
  return kase;
}
