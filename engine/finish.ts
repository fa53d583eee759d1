import { setTimeout as pause } from 'node:timers/promises';
import type { Escalate } from '../domain/complaint/command.js';
import type { Sent } from '../domain/event.js';
import { conflict, stale, type Refusal } from '../domain/refusal.js';
import { rowOf } from '../prisma/columns.js';
import { complaintById } from '../prisma/complaints.js';
import { lastCausedBy } from '../prisma/events.js';
import { dropIntent, finishIntent, type Intent } from '../prisma/intents.js';
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
  const updated = await updateLiving(deps, subject, id, await signed(deps, subject, id, intent.sent as Command));
  if ('refusal' in updated) return (await doneBefore(deps, subject, intent)) ?? updated;
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
    if (await isClosed(deps, 'complaint', id)) {
      return (await doneBefore(deps, 'complaint', intent)) ? null : closed;
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

/**
 * Finishes intents and what they raise, some at a time, for as long as the caller waits. What then is under way goes on; what fails
 * or was not begun is left to the sweepers.
 */
export async function finishShortly(deps: Deps, intents: readonly Intent[], waitMs: number): Promise<void> {
  const queue = [...intents];
  let waiting = true;
  async function lane(): Promise<void> {
    for (let next = queue.shift(); next !== undefined && waiting; next = queue.shift()) {
      const [done] = await Promise.allSettled([finishIntentOf(deps, next)]);
      if (done.status === 'fulfilled') queue.push(...done.value);
    }
  }
  const patience = new AbortController();
  const tired = pause(waitMs, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([Promise.all(Array.from({ length: AT_ONCE }, lane)), tired]);
  waiting = false;
  patience.abort();
}

const AT_ONCE = 8;

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
    if (await isClosed(deps, subject, id)) return (await staleAtEnd(deps, subject, id, sent.ifMatch)) ?? closed;
  }
  throw new OutcomeUnknown(`no workflow of ${subject} ${id} answers`);
}

const ATTEMPTS = 3;

const closed = conflict('closed', 'The case is closed; a new message of the customer opens a new one.');

/** A run that has ended recorded its close before. One that was terminated did not: its case is not closed, and somebody has to look. */
async function isClosed({ database, temporal }: Deps, subject: Subject, id: string): Promise<boolean> {
  if (!(await temporal.hasEnded(subject, id))) return false;
  const row = subject === 'complaint' ? await complaintById(database, id) : null;
  return row !== null && row.state.closedAt !== null;
}

/** An ended run compares no versions any more, and 412 goes before 409 (spec: api, order of checks). */
async function staleAtEnd({ database }: Deps, subject: Subject, id: string, ifMatch: number | null): Promise<{ refusal: Refusal } | null> {
  if (ifMatch === null) return null;
  const row = await rowOf(database, subject, id);
  return row === null || row.head === ifMatch ? null : stale(row.head);
}

/** What came into being in a transaction, without the API, gets its signature and its head when it is sent. */
async function signed({ database, sign }: Deps, subject: Subject, id: string, sent: Command): Promise<Command> {
  if (sent.signature !== '') return sent;
  const row = await rowOf(database, subject, id);
  return { ...sent, head: row?.head ?? 0, signature: sign(id, sent.command) };
}

/**
 * Drops what was refused, with its words. What cannot be dropped was done before: an ended run refuses what it has taken, and the
 * record tells.
 */
async function doneBefore<S extends Subject>({ database }: Deps, subject: S, intent: Intent): Promise<Finished<S> | null> {
  try {
    if (await dropIntent(database, intent.id)) return null;
    const version = await lastCausedBy(database, subject, intent.subjectId, intent.id);
    if (version === null) return null;
    const { state } = await record(database, { subject, id: intent.subjectId, events: [], intent: { id: intent.id, version } });
    return { version, state, raised: [] };
  } catch (error) {
    throw new OutcomeUnknown('The refused command could not be taken back yet.', { cause: error });
  }
}
