import type { Intent } from '../prisma/intents.js';
import { eventsUpTo } from '../prisma/events.js';
import type { Database } from '../prisma/database.js';
import { fold as foldComplaint } from '../domain/complaint/evolve.js';
import type { Complaint } from '../domain/complaint/state.js';
import { fold as foldInvestigation } from '../domain/investigation/evolve.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { IdempotencyKey } from './engine.js';
import { KeyReused } from './failure.js';

/** The same key with another body is a mistake of the caller's, and says so (spec: api, Idempotency-Key). */
export function sameBody(earlier: Intent, key: IdempotencyKey | null): void {
  if (earlier.bodyDigest !== (key?.body ?? null)) throw new KeyReused('The key was used for another body.');
}

/** The complaint as it stood at a version: what a repeated request is answered with. */
export async function complaintAt(database: Database, id: string, version: number): Promise<Complaint> {
  return there(foldComplaint(id, await eventsUpTo(database, 'complaint', id, version)), id);
}

export async function investigationAt(database: Database, id: string, version: number): Promise<Investigation> {
  return there(foldInvestigation(id, await eventsUpTo(database, 'investigation', id, version)), id);
}

function there<State>(state: State | null, id: string): State {
  if (state === null) throw new Error(`there is no record of ${id}`);
  return state;
}
