import type { Agreement } from '../policy/agreement.js';
import type { Instant } from '../time.js';
import { plus } from '../time.js';
import type { CommandName, ComplaintCommand, Escalate, File } from './command.js';
import { advance } from './deadlines.js';
import { decide, decideEscalation } from './decide.js';
import type { ComplaintEvent } from './event.js';
import { fold } from './evolve.js';
import { openComplaint } from './intake.js';

/** What somebody did to a case, and the instant it counted at. */
export interface Step {
  at: Instant;
  command: ComplaintCommand | Escalate;
  /** what was due at that very instant had come before it */
  isLate: boolean;
}

export interface Relived {
  events: ComplaintEvent[];
  /** what was done then and could not have been done under this agreement */
  impossible: { command: CommandName | 'escalate'; at: Instant; code: string }[];
}

/**
 * A case lived again under another agreement: the same filing and the same commands at the same instants, decided by the rules that
 * decide living cases, and everything that time alone does up to `until` (spec: evidence, what-if). Under its own agreement it comes
 * out as it was.
 */
export function relive(file: File, steps: readonly Step[], agreement: Agreement, until: Instant): Relived {
  const id = file.data.complaint;
  let events = openComplaint(file, agreement);
  let state = fold(id, events);
  const impossible: Relived['impossible'] = [];
  const add = (more: ComplaintEvent[]): void => {
    events = [...events, ...more];
    state = fold(id, more, state);
  };
  for (const { at, command, isLate } of steps) {
    if (state === null) throw new Error(`complaint ${id} has no event`);
    if (isLate) add(advance(state, agreement, plus(at, 1)));
    const dated = { ...command, at };
    if (dated.name === 'escalate') {
      add(decideEscalation(state, dated, agreement, at));
      continue;
    }
    const decision = decide(state, dated, agreement, at);
    if ('events' in decision) add(decision.events);
    else impossible.push({ command: dated.name, at, code: decision.refusal.code });
  }
  if (state !== null) add(advance(state, agreement, plus(until, 1)));
  return { events, impossible };
}

/** The commands of a case in the order in which they counted, of those that left an event. */
export function stepsOf(events: readonly ComplaintEvent[], commands: ReadonlyMap<string, ComplaintCommand | Escalate>): Step[] {
  const seen = new Set<string>();
  return events.flatMap((event, i): Step[] => {
    // a migration is not lived again: the agreement it brought is not the one that is tried
    if (event.command === null || event.type === 'policy_migrated' || seen.has(event.command)) return [];
    seen.add(event.command);
    const command = commands.get(event.command) ?? informing(event);
    const before = events[i - 1];
    return command ? [{ at: event.at, command, isLate: before?.command === null && before.at === event.at }] : [];
  });
}

/** News of an investigation is nobody's intent; its event says all of it. */
function informing(event: ComplaintEvent): ComplaintCommand<'inform'> | null {
  if (event.type !== 'informed' || event.command === null) return null;
  return { id: event.command, name: 'inform', at: event.at, by: event.by, role: event.role, rung: null, department: null, data: event.data };
}

/** What an agreement makes of a case: each breach and each rung, in order. */
export interface Outcome {
  breaches: { clock: string; at: Instant }[];
  escalations: { at: Instant; from: number; to: number; cause: string; clock: string | null }[];
}

/** The breaches and escalations in the events of a case. */
export function outcomeOf(events: readonly ComplaintEvent[]): Outcome {
  return {
    breaches: events.flatMap((event) => (event.type === 'clock_breached' ? [{ clock: event.data.clock, at: event.data.dueAt }] : [])),
    escalations: events.flatMap((event) => {
      if (event.type !== 'escalated') return [];
      const { from, to, cause, clock } = event.data;
      return [{ at: event.at, from, to, cause, clock }];
    }),
  };
}
