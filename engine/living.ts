import type { Sent } from '../domain/event.js';
import { conflict, stale, type Refusal } from '../domain/refusal.js';
import { rowOf } from '../prisma/columns.js';
import { complaintById } from '../prisma/complaints.js';
import type { Subject } from '../prisma/subject.js';
import type { Deps } from './deps.js';
import { CaseLost, OutcomeUnknown } from './failure.js';
import { startIfOpen } from './starter.js';
import type { Updated } from './temporal.js';

export type Command = Sent<{ id: string; name: string }>;

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

/** So often a workflow that is between two runs is asked again. */
export const ATTEMPTS = 3;

export const closed = conflict('closed', 'The case is closed; a new message of the customer opens a new one.');

/**
 * A run that has ended recorded its close before. One that was terminated, or that the engine has lost, did not: its case is not
 * closed, and somebody has to look (`CaseLost`).
 */
export async function isClosed({ database, temporal }: Deps, subject: Subject, id: string): Promise<boolean> {
  const status = await temporal.statusOf(subject, id);
  if (status === 'RUNNING') return false;
  const row = subject === 'complaint' ? await complaintById(database, id) : null;
  if (row !== null && row.state.closedAt !== null) return true;
  throw new CaseLost(`no workflow of ${subject} ${id} runs, and it is not closed`);
}

/** An ended run compares no versions any more, and 412 goes before 409 (spec: api, order of checks). */
async function staleAtEnd({ database }: Deps, subject: Subject, id: string, ifMatch: number | null): Promise<{ refusal: Refusal } | null> {
  if (ifMatch === null) return null;
  const row = await rowOf(database, subject, id);
  return row === null || row.head === ifMatch ? null : stale(row.head);
}
