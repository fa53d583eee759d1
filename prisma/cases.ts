import { evolve as evolveComplaint } from '../domain/complaint/evolve.js';
import { evolve as evolveInvestigation } from '../domain/investigation/evolve.js';
import { chainHash } from './chain.js';
import { ends } from './columns.js';
import { toldOfComplaint, toldOfInvestigation, type Delivery } from './outbox.js';
import type { EventOf, StateOf, Subject } from './subject.js';

/** Where a case stands: its last `seq`, that event's hash, and its fold; all empty before the first event. */
export interface Standing<S extends Subject> {
  head: number;
  hash: string | null;
  state: StateOf<S> | null;
}

/** What further events make of a case, ready to be written: JSON rows, named as the columns are. */
export interface Progress<S extends Subject> {
  head: number;
  hash: string;
  state: StateOf<S>;
  events: Record<string, unknown>[];
  deliveries: Delivery[];
  /** nothing more can happen: the history of its run is to be stored */
  ended: boolean;
}

interface Kind<S extends Subject> {
  evolve(state: StateOf<S> | null, event: EventOf<S>, id: string): StateOf<S>;
  told(event: EventOf<S>, state: StateOf<S>): Delivery[];
}

const kinds: { [S in Subject]: Kind<S> } = {
  complaint: { evolve: evolveComplaint, told: toldOfComplaint },
  investigation: { evolve: evolveInvestigation, told: toldOfInvestigation },
};

/** Folds `events` onto a case and chains them; null when there are none. They must follow on `from.head` without a gap. */
export function progress<S extends Subject>(subject: S, id: string, from: Standing<S>, events: EventOf<S>[]): Progress<S> | null {
  const kind: Kind<S> = kinds[subject];
  let { state, hash } = from;
  const rows: Record<string, unknown>[] = [];
  const deliveries: Delivery[] = [];
  for (const event of events) {
    const { seq, at, by, role, command, type, data } = event;
    state = kind.evolve(state, event, id);
    hash = chainHash(hash, id, event);
    rows.push({ [subject]: id, seq, at, by, role, command, type, data, hash });
    deliveries.push(...kind.told(event, state));
  }
  const last = events.at(-1);
  if (!last || state === null || hash === null) return null;
  const ended = events.some(ends);
  return { head: last.seq, hash, state, events: rows, deliveries, ended };
}
