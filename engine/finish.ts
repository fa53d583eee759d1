import type { Escalate } from '../domain/complaint/command.js';
import type { Migrate } from '../domain/complaint/migration.js';
import type { Complaint } from '../domain/complaint/state.js';
import { SETTLED } from '../domain/event.js';
import type { Refusal } from '../domain/refusal.js';
import { pinnedTo } from '../prisma/agreements.js';
import type { Standing } from '../prisma/cases.js';
import { rowOf } from '../prisma/columns.js';
import { complaintById } from '../prisma/complaints.js';
import { finishIntent, type Intent } from '../prisma/intents.js';
import { recordOrMend } from '../prisma/mending.js';
import { commands } from '../prisma/moving.js';
import type { Subject } from '../prisma/subject.js';
import type { Migrating } from '../workflows/messages.js';
import type { Deps } from './deps.js';
import { OutcomeUnknown } from './failure.js';
import { ATTEMPTS, closed, isClosed, updateLiving, type Command } from './living.js';
import { runStart, startIfOpen } from './starter.js';
import { doneBefore, takenBack, whenLost, type Finished } from './takingBack.js';
import { within } from './within.js';

/**
 * Steps two and three of a command: one update under the intent's id, and one transaction for its outcome. Whoever asks, and how
 * often, it is done once: the caller, a repeated request, a sweeper after a crash. A refused intent is dropped with its words.
 */
export function finishCommand<S extends Subject>(
  deps: Deps,
  subject: S,
  intent: Intent,
  seen: Standing<S> | null = null,
): Promise<{ refusal: Refusal } | Finished<S>> {
  return commands[subject].bring(deps.database, () => sentAndRecorded(deps, subject, intent, seen));
}

async function sentAndRecorded<S extends Subject>(
  deps: Deps, subject: S, intent: Intent, seen: Standing<S> | null,
): Promise<{ refusal: Refusal } | Finished<S>> {
  const { database } = deps;
  const id = intent.subjectId;
  const sent = await whole(deps, subject, id, intent.sent as Command);
  const updated = await updateLiving(deps, subject, id, sent).catch(whenLost(deps, intent));
  if ('refusal' in updated) return (await doneBefore(deps, subject, intent)) ?? updated;
  const { events, version } = updated.answer;
  if (version === SETTLED) return takenBack(database, intent);
  const outcome = { subject, id, events, intent: { id: intent.id, version }, from: seen ?? undefined };
  const { state, raised } = await recordOrMend(database, outcome, deps.recall);
  return { version, state, raised };
}

/** The same for the escalation signal, which is taken and not answered. */
export async function finishSignal(deps: Deps, intent: Intent): Promise<{ refusal: Refusal } | null> {
  const id = intent.subjectId;
  const message = intent.sent as { command: Escalate; signature: string };
  // a run that is about to end would take the signal, and never hear it
  if ((await complaintById(deps.database, id))?.state.closedAt) return (await doneBefore(deps, 'complaint', intent)) ? null : closed;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await deps.temporal.escalate(id, message)) {
      await finishIntent(deps.database, intent.id);
      return null;
    }
    if (await startIfOpen(deps, 'complaint', id)) continue;
    if (await isClosed(deps, 'complaint', id).catch(whenLost(deps, intent))) {
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
  await within(waitMs, Promise.all(Array.from({ length: AT_ONCE }, lane)));
  waiting = false;
}

const AT_ONCE = 8;

/**
 * What came into being in a transaction, without the API, gets its signature and its head when it is sent; a migration brings the policy
 * with it, and the calendars, which its intent only names.
 */
async function whole({ database, sign }: Deps, subject: Subject, id: string, sent: Command): Promise<Command> {
  if (sent.signature !== '') return sent;
  const row = await rowOf(database, subject, id);
  const signed = { ...sent, head: row?.head ?? 0, signature: sign(id, sent.command) };
  if (!isMigration(signed.command)) return signed;
  const { policy, calendars = {} } = signed.command.data;
  const { receivedAt } = row?.state as Pick<Complaint, 'receivedAt'>;
  const migrating: Migrating = { ...signed, command: signed.command, pinned: await pinnedTo(database, policy, calendars, receivedAt) };
  return migrating;
}

function isMigration(command: { name: string }): command is Migrate {
  return command.name === 'migrate';
}
