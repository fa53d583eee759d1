import type { Escalate } from '../domain/complaint/command.js';
import type { Sent } from '../domain/event.js';
import { conflict, stale, type Refusal } from '../domain/refusal.js';
import { complaintById } from '../prisma/complaints.js';
import { dropIntent, finishIntent, type Intent } from '../prisma/intents.js';
import { investigationById } from '../prisma/investigations.js';
import { record } from '../prisma/record.js';
import type { StateOf, Subject } from '../prisma/subject.js';
import { OutcomeUnknown } from './failure.js';
import type { Deps } from './deps.js';
import { runStart, startIfOpen } from './starter.js';
import type { Updated } from './temporal.js';

type Command = Sent<{ id: string; name: string }>;

export interface Finished<S extends Subject> {
  version: number;
  state: StateOf<S>;
  /** intents that came into being with it, to be finished next */
  raised: Intent[];
}

/**
 * Steps two and three of a command: one update under the intent's id, and one transaction for its outcome. Whoever asks, and how
 * often, it is done once: the caller, a repeated request, a sweeper after a crash. A refused intent is dropped with its words.
 */
export async function finishCommand<S extends Subject>(
  deps: Deps,
  subject: S,
  intent: Intent,
): Promise<{ refusal: Refusal } | Finished<S>> {
  const { database } = deps;
  const id = intent.subjectId;
  const updated = await updateLiving(deps, subject, id, signed(deps, id, intent.sent as Command));
  if ('refusal' in updated) {
    await dropped(deps, intent.id);
    return updated;
  }
  const { events, version } = updated.answer;
  const { state, raised } = await record(database, { subject, id, events, intent: { id: intent.id, version } });
  return { version, state, raised };
}

/** The same for the escalation signal, which is taken and not answered. */
export async function finishSignal(deps: Deps, intent: Intent): Promise<{ refusal: Refusal } | null> {
  const id = intent.subjectId;
  const message = intent.sent as { command: Escalate; signature: string };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await deps.temporal.escalate(id, message)) {
      await finishIntent(deps.database, intent.id);
      return null;
    }
    if (await startIfOpen(deps, 'complaint', id)) continue;
    if (await deps.temporal.hasEnded('complaint', id)) {
      await dropped(deps, intent.id);
      return closed;
    }
  }
  throw new OutcomeUnknown(`no workflow of complaint ${id} answers`);
}

/** Finishes any intent, as a sweeper does; answers what has to be finished next. */
export async function finishIntentOf(deps: Deps, intent: Intent): Promise<Intent[]> {
  if (intent.kind === 'start') await runStart(deps, intent);
  else if (intent.kind === 'signal') await finishSignal(deps, intent);
  else {
    const finished = await finishCommand(deps, intent.subject, intent);
    if ('raised' in finished) return finished.raised;
  }
  return [];
}

/** One update; a case that has not been started yet is started first, and one that has just gone on to another run is asked again. */
export async function updateLiving<S extends Subject>(
  deps: Deps,
  subject: S,
  id: string,
  sent: Command,
): Promise<Exclude<Updated<S>, { absent: true }>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const updated = await deps.temporal.update(subject, id, sent);
    if (!('absent' in updated)) return updated;
    if (await startIfOpen(deps, subject, id)) continue;
    if (await deps.temporal.hasEnded(subject, id)) return (await staleAtEnd(deps, subject, id, sent.ifMatch)) ?? closed;
  }
  throw new OutcomeUnknown(`no workflow of ${subject} ${id} answers`);
}

const ATTEMPTS = 3;

const closed = conflict('closed', 'The case is closed; a new message of the customer opens a new one.');

/** An ended run compares no versions any more, and 412 goes before 409 (spec: api, order of checks). */
async function staleAtEnd({ database }: Deps, subject: Subject, id: string, ifMatch: number | null): Promise<{ refusal: Refusal } | null> {
  if (ifMatch === null) return null;
  const row = subject === 'complaint' ? await complaintById(database, id) : await investigationById(database, id);
  return row === null || row.head === ifMatch ? null : stale(row.head);
}

/** What came into being in a transaction, without the API, is signed when it is sent. */
function signed({ sign }: Deps, id: string, sent: Command): Command {
  return sent.signature === '' ? { ...sent, signature: sign(id, sent.command) } : sent;
}

async function dropped({ database }: Deps, intent: string): Promise<void> {
  try {
    await dropIntent(database, intent);
  } catch (error) {
    throw new OutcomeUnknown('The refused command could not be taken back yet.', { cause: error });
  }
}
