import type { Role } from '../../domain/event.js';
import type { InvestigationCommand, InvestigationCommandName, InvestigationCommands, Open } from '../../domain/investigation/command.js';
import { decide } from '../../domain/investigation/decide.js';
import type { InvestigationEvent } from '../../domain/investigation/event.js';
import { evolve, fold } from '../../domain/investigation/evolve.js';
import { openInvestigation } from '../../domain/investigation/open.js';
import type { Investigation } from '../../domain/investigation/state.js';
import type { Instant } from '../../domain/time.js';

export const ID = '6f1c2f0e-0000-4000-8000-000000000001';
export const day = (n: number, clock = '09:00:00.000'): Instant => `2026-11-${String(n).padStart(2, '0')}T${clock}Z`;
export const FAR: Instant = '2030-01-01T00:00:00.000Z';

/** An investigation in a test: who does what when, and all that came of it. */
export interface File {
  state: Investigation;
  events: InvestigationEvent[];
}
type By = { at?: Instant; by?: string; role?: Role; now?: Instant; ifMatch?: number };

let commands = 0;

export function command<N extends InvestigationCommandName>(name: N, data: InvestigationCommands[N], { at = day(2), by = 'quinn', role = 'quality' }: By = {}) {
  return { id: `i${++commands}`, name, at, by, role, rung: null, department: null, data } as InvestigationCommand<N>;
}

export function opened(complaints: string[] = [], whys = { least: 3, most: 5 }): File {
  const open: Open = {
    id: 'i0', name: 'open', at: day(1), by: 'quinn', role: 'quality', rung: null, department: null,
    data: { investigation: ID, title: 'w-title', type: 'logistics', whys },
  };
  const events = openInvestigation(open, complaints);
  const state = fold(ID, events);
  if (!state) throw new Error('nothing was opened');
  return { state, events };
}

/** What the rules say to one command. */
export function say<N extends InvestigationCommandName>(file: File, name: N, data: InvestigationCommands[N], by: By = {}) {
  return decide<N>(file.state, command(name, data, by), by.now ?? FAR, by.ifMatch ?? null);
}

/** The investigation after a command that must be allowed. */
export function done<N extends InvestigationCommandName>(file: File, name: N, data: InvestigationCommands[N], by: By = {}): File {
  const decision = say(file, name, data, by);
  if ('refusal' in decision) throw new Error(`${name}: ${decision.refusal.code}`);
  return also(file, decision.events);
}

export function also(file: File, events: InvestigationEvent[]): File {
  return { state: events.reduce<Investigation>((state, event) => evolve(state, event, ID), file.state), events: [...file.events, ...events] };
}

export const aCause = { category: 'method', text: 'w-cause', whys: ['w1', 'w2', 'w3'] };
export const aMeasure: InvestigationCommands['measure'] = {
  cause: 'c1', text: 'w-measure', owner: 'olaf', dueAt: day(22), observeDays: 5,
  goal: { metric: 'w-metric', baseline: 12, target: 3, direction: 'down' },
};

export const withCause = () => done(opened(), 'cause', aCause);
export const withRoot = () => done(withCause(), 'finding', { cause: 'c1', root: true, note: 'w-note' });
export const withMeasure = (change: Partial<typeof aMeasure> = {}) => done(withRoot(), 'measure', { ...aMeasure, ...change });
/** The measure is done on the 10th and observed until the 15th. */
export const withDone = (change: Partial<typeof aMeasure> = {}) => done(withMeasure(change), 'done', { measure: 'm1', note: null }, { at: day(10) });
export const withReading = (value: number, at = day(12)) => done(withDone(), 'reading', { measure: 'm1', value, takenAt: null }, { at });
export const withEffect = () => done(withReading(2), 'verdict', { measure: 'm1', effective: true, note: 'w-note' }, { at: day(16) });
export const concluded = () => done(withEffect(), 'conclude', {}, { at: day(17) });
