import type { Pinned } from '../domain/policy/agreement.js';
import type { Database } from '../prisma/database.js';
import { eventsUpTo } from '../prisma/events.js';
import { finishIntent, startOf, type Intent } from '../prisma/intents.js';
import { fold } from '../domain/complaint/evolve.js';
import { receiptOf } from '../domain/complaint/intake.js';
import { calendarIdsOf } from '../domain/complaint/standing.js';
import { pinnedTo } from '../prisma/agreements.js';
import type { Subject } from '../prisma/subject.js';
import type { ComplaintStart, InvestigationStart } from '../workflows/messages.js';
import type { Temporal } from './temporal.js';

/**
 * A complaint's start as its intent keeps it. Policy and calendars, the same for many, are told by their names; its events stand in
 * the record, which was written with it.
 */
export type StoredStart = Omit<ComplaintStart, keyof Pinned | 'carried' | 'events'>;

/** Starts the workflow of a start intent, once for ever, and marks the intent done. */
export async function runStart({ database, temporal }: { database: Database; temporal: Temporal }, intent: Intent): Promise<void> {
  if (intent.subject === 'complaint') await temporal.start({ subject: 'complaint', input: await complaintStart(database, intent) });
  else await temporal.start({ subject: 'investigation', input: intent.sent as InvestigationStart });
  await finishIntent(database, intent.id);
}

/**
 * With every event that is recorded: those of its intake, and where an engine that was lost is built anew, all that came since, under
 * the policy that the case has come to.
 */
async function complaintStart(database: Database, { subjectId, sent }: Intent): Promise<ComplaintStart> {
  const { complaint, file, signature } = sent as StoredStart;
  const events = await eventsUpTo(database, 'complaint', subjectId);
  const state = fold(complaint, events);
  // a start without events would use the id up for ever
  if (state === null) throw new Error(`nothing is recorded of complaint ${complaint}`);
  const pinned = await pinnedTo(database, state.policy, state.calendars ?? {}, receiptOf(file), calendarIdsOf(state));
  return { complaint, file, signature, events, ...pinned };
}

/** Runs the start of a case that has not been started yet; false when there is nothing to start. */
export async function startIfOpen(deps: { database: Database; temporal: Temporal }, subject: Subject, id: string): Promise<boolean> {
  const intent = await startOf(deps.database, id);
  if (intent?.subject !== subject || intent.state === 'done') return false;
  await runStart(deps, intent);
  return true;
}
