import { ApplicationFailure, condition } from '@temporalio/workflow';
import { SETTLED, type Answer, type Sent } from '../domain/event.js';
import type { Decision } from '../domain/refusal.js';
import type { Carried } from './messages.js';
import { BEHIND, REFUSAL } from './messages.js';
import { sink } from './proxies.js';

/** An event of any subject. */
export type JournalEvent = Parameters<typeof sink.emit>[1];
type Command = { id: string };

/** The events of one subject as its workflow holds them: what is so, what has been answered, what still has to be recorded. */
export interface Journal<State, E> {
  readonly state: State;
  /** adds what the subject did alone: nobody else will record it */
  alone(events: E[]): void;
  /** the version that a command made which has been taken before; undefined for a new one */
  taken(id: string): number | undefined;
  /** remembers a command and adds its events */
  take(id: string, events: E[]): void;
  /** remembers that a command is not to be taken */
  settle(id: string): void;
  after(head: number): E[];
  /** what Postgres does not hold yet of what nobody else records; of everything, when the subject has ended */
  unrecorded(ended: boolean): E[];
  recorded(head: number): void;
  carry(): Carried<State>;
}

export interface Opening<State, E> {
  subject: string;
  /** events that are recorded already: decided at intake */
  events: E[];
  carried: Carried<State> | undefined;
  evolve(state: State | null, event: E, subject: string): State;
}

/** Opens the journal of a subject from its first events, or from where an earlier run stopped. */
export function openJournal<State extends { version: number }, E extends JournalEvent>({
  subject,
  events: first,
  carried,
  evolve,
}: Opening<State, E>): Journal<State, E> {
  let state = carried?.state ?? null;
  const events: E[] = [];
  const taken = new Map(carried?.recent);
  let recordedHead = carried?.state.version ?? first.length;
  let aloneHead = 0;

  const append = (more: E[]) => {
    for (const event of more) {
      state = evolve(state, event, subject);
      events.push(event);
      sink.emit(subject, event);
    }
  };
  const now = (): State => {
    if (state === null) throw ApplicationFailure.nonRetryable(`${subject} was started without an event`);
    return state;
  };
  const after = (head: number) => events.filter(({ seq }) => seq > head);
  if (!carried) append(first);
  now();

  return {
    get state() {
      return now();
    },
    alone(more) {
      append(more);
      if (more.length > 0) aloneHead = now().version;
    },
    taken: (id) => taken.get(id),
    take(id, more) {
      append(more);
      taken.set(id, now().version);
    },
    settle(id) {
      taken.set(id, SETTLED);
    },
    after,
    unrecorded: (ended) => (ended || aloneHead > recordedHead ? after(recordedHead) : []),
    recorded(head) {
      recordedHead = Math.max(recordedHead, head);
    },
    carry: () => ({ state: now(), recent: [...taken].slice(-RECENT) }),
  };
}

/** So many commands are remembered across runs. */
const RECENT = 200;

/**
 * The two halves of an update (spec: case, commands): a validator that refuses without a trace, and a synchronous handler
 * that answers with every event after the head the command carried. A command taken before is answered, not done again.
 */
export function answering<State extends { version: number }, E extends JournalEvent, C extends Command, S extends Sent<C> = Sent<C>>(
  journal: Journal<State, E>,
  decide: (state: State, sent: S) => Decision<E>,
): { handler(sent: S): Answer<E>; validator(sent: S): void } {
  // The handler runs right after its validator, and would come to the same: at the same instant, from the same state. A replay has no
  // validator. Each of the two gets a copy of its own of what was sent.
  let last: { id: string; state: State; events: E[] } | null = null;
  const decided = (sent: S): E[] => {
    const { state } = journal;
    if (last?.id === sent.command.id && last.state === state) return last.events;
    const decision = decide(state, sent);
    if ('events' in decision) {
      last = { id: sent.command.id, state, events: decision.events };
      return decision.events;
    }
    throw ApplicationFailure.create({ type: REFUSAL, message: decision.refusal.code, nonRetryable: true, details: [decision.refusal] });
  };
  return {
    validator(sent) {
      if (journal.taken(sent.command.id) !== undefined) return;
      // taken here, its events would be numbered like recorded ones: the engine was brought back from before them
      if (sent.head > journal.state.version) throw ApplicationFailure.nonRetryable('The record is ahead of this run.', BEHIND);
      decided(sent);
    },
    handler(sent) {
      const { head, command } = sent;
      journal.recorded(head);
      const before = journal.taken(command.id);
      if (before === undefined) journal.take(command.id, decided(sent));
      const version = before ?? journal.state.version;
      return { version, events: journal.after(head).filter(({ seq }) => seq <= version) };
    },
  };
}

/** Answers what a command has come to; from now on it comes to nothing else, also across runs. */
export function settling<State, E extends JournalEvent>(journal: Journal<State, E>): (sent: Sent<Command>) => Answer<E> {
  return ({ command: { id }, head }) => {
    const version = journal.taken(id) ?? SETTLED;
    if (version === SETTLED) journal.settle(id);
    return { version, events: journal.after(head).filter(({ seq }) => seq <= version) };
  };
}

/**
 * Records what a subject did alone, as it happens, and before its end all that is left. It ends on the end of a write, never on a
 * message: an update that comes in the same task as a signal is taken after it, and would come too late for what goes on.
 */
export async function recording<State extends { version: number }, E extends JournalEvent>(
  journal: Journal<State, E>,
  ended: () => boolean,
  write: (events: E[]) => Promise<void>,
  more: () => boolean = () => false,
): Promise<void> {
  const waiting = () => more() || journal.unrecorded(ended()).length > 0;
  do {
    await condition(() => ended() || waiting());
    do {
      const events = journal.unrecorded(ended());
      await write(events);
      journal.recorded(events.at(-1)?.seq ?? 0);
    } while (waiting());
  } while (!ended());
}
