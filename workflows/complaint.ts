import { allHandlersFinished, CancellationScope, condition, continueAsNew, patched, setHandler } from '@temporalio/workflow';
import { commandNames, type CommandName, type ComplaintCommand } from '../domain/complaint/command.js';
import { advance, nextDeadline } from '../domain/complaint/deadlines.js';
import { decide, decideEscalation } from '../domain/complaint/decide.js';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import { evolve } from '../domain/complaint/evolve.js';
import { decideMigration, type Migrate } from '../domain/complaint/migration.js';
import type { Complaint } from '../domain/complaint/state.js';
import { calendarIdsOf } from '../domain/complaint/standing.js';
import { agreementOf, narrowed, replaced, type Agreement, type Pinned } from '../domain/policy/agreement.js';
import { instant, type Instant } from '../domain/time.js';
import { deadlines } from './deadlines.js';
import { answering, openJournal, recording, settling, type Journal } from './journal.js';
import { lengthOfRun } from './length.js';
import { complaintQuery, complaintUpdate, escalateSignal, isEscalation, migrateUpdate, settleUpdate, type ComplaintStart, type Migrating } from './messages.js';
import { attemptFollowUp, record } from './proxies.js';

/** The life of one complaint, from its intake to its close (spec: case). */
export async function complaint(start: ComplaintStart): Promise<void> {
  const { complaint: id } = start;
  const held = hold(start);
  const journal = openJournal<Complaint, ComplaintEvent>({ subject: id, events: start.events, carried: start.carried, evolve });
  const openedAt = journal.state.version;
  const closed = () => journal.state.closedAt !== null;
  const timed = {
    next: (state: Complaint) => nextDeadline(state, held.agreement),
    advance: (state: Complaint, until: Instant) => advance(state, held.agreement, until),
  };
  const full = lengthOfRun();
  const ending = () => full() || closed();

  for (const name of commandNames) onCommand(journal, held, name);
  onMigration(journal, held);
  setHandler(settleUpdate(), settling(journal));
  setHandler(escalateSignal, (message) => {
    // whatever is thrown here would stop the case for good
    if (!isEscalation(message)) return;
    const { command } = message;
    if (journal.taken(command.id) !== undefined) return;
    const events = decideEscalation(journal.state, command, held.agreement, now());
    journal.take(command.id, []);
    journal.alone(events);
  });
  setHandler(complaintQuery, () => journal.state);

  await CancellationScope.nonCancellable(async () => {
    await Promise.all([deadlines(journal, timed, ending), followedUp(id, journal, ending, openedAt)]);
    await condition(allHandlersFinished);
  });
  const { file, signature } = start;
  const pinned = narrowed(held.pinned, calendarIdsOf(journal.state));
  if (!closed()) await continueAsNew<typeof complaint>({ complaint: id, file, signature, events: [], ...pinned, carried: journal.carry() });
}

function onCommand(journal: Journal<Complaint, ComplaintEvent>, held: Held, name: CommandName): void {
  const { handler, validator } = answering<Complaint, ComplaintEvent, ComplaintCommand>(journal, (state, { command, ifMatch }) =>
    decide(state, command, held.agreement, now(), ifMatch),
  );
  setHandler(complaintUpdate(name), handler, { validator });
}

/** What the case is held to: a migration puts another in its place. */
interface Held {
  pinned: Pinned;
  agreement: Agreement;
}

function hold(pinned: Pinned): Held {
  return { pinned, agreement: agreementOf(pinned) };
}

/** A migration is a command that brings its policy with it: from its events on, that one holds. */
function onMigration(journal: Journal<Complaint, ComplaintEvent>, held: Held): void {
  const { handler, validator } = answering<Complaint, ComplaintEvent, Migrate, Migrating>(journal, (state, { command, pinned, ifMatch }) =>
    decideMigration(state, command, { current: held.agreement, next: agreementOf(replaced(held.pinned, pinned)) }, now(), ifMatch),
  );
  const handle: typeof handler = (sent) => {
    const isNew = journal.taken(sent.command.id) === undefined;
    const answer = handler(sent);
    if (isNew) Object.assign(held, hold(replaced(held.pinned, sent.pinned)));
    return answer;
  };
  setHandler(migrateUpdate, handle, { validator });
}

/** Records what the case did alone; a follow-up attempt is an activity of its own that records on its way (L1.11). */
async function followedUp(
  id: string, journal: Journal<Complaint, ComplaintEvent>, ended: () => boolean, openedAt: number,
): Promise<void> {
  const attempts = openAttempts(journal, openedAt);
  await recording(
    journal,
    ended,
    async (events) => {
      const attempt = attempts.next();
      if (attempt) await attemptFollowUp({ complaint: id, customer: journal.state.customer, events, attempt });
      else await record({ subject: 'complaint', id, events });
    },
    attempts.waiting,
  );
}

/**
 * Follow-up attempts that have been decided in this run, which opened at that version, and not yet made. A command that comes with the
 * first task is taken while its handler is set, before this: runs of versions that began to look only here have lost its attempt.
 */
function openAttempts(journal: Journal<Complaint, ComplaintEvent>, openedAt: number) {
  const attemptAfter = (version: number) => journal.after(version).find((event) => event.type === 'follow_up_attempted');
  let made = attemptAfter(openedAt) && !patched('attempts-of-the-first-task') ? journal.state.version : openedAt;
  const open = () => attemptAfter(made);
  return {
    waiting: () => open() !== undefined,
    next() {
      const event = open();
      if (event) made = event.seq;
      return event ? { seq: event.seq, ...event.data } : null;
    },
  };
}

function now(): string {
  return instant(Date.now());
}
