import { createHash } from 'node:crypto';
import type { ComplaintCommand, News } from '../domain/complaint/command.js';
import type { Sent } from '../domain/event.js';
import { latest, type Instant } from '../domain/time.js';
import { complaintById } from '../prisma/complaints.js';
import { recordOrMend } from '../prisma/mending.js';
import type { Deps } from './deps.js';
import { CaseLost } from './failure.js';
import { updateLiving } from './living.js';

/** Tells a case how far its investigation has come, and records what it answers. A case that is closed, or has left, is left alone. */
export function createInform(deps: Deps) {
  return async function inform(complaint: string, news: News, version?: number): Promise<'told' | 'lost'> {
    const { database, sign } = deps;
    const row = await complaintById(database, complaint);
    if (!row || row.state.closedAt !== null) return 'told';
    const command: ComplaintCommand<'inform'> = {
      id: idOf(complaint, news, version),
      name: 'inform',
      at: instantOf(news),
      by: 'system',
      role: 'system',
      rung: null,
      department: null,
      data: news,
    };
    const sent: Sent<ComplaintCommand<'inform'>> = { command, head: row.head, ifMatch: null, signature: sign(complaint, command) };
    const updated = await updateLiving(deps, 'complaint', complaint, sent).catch(whenLost);
    if (updated === null) return 'lost';
    if ('answer' in updated) await recordOrMend(database, { subject: 'complaint', id: complaint, events: updated.answer.events }, deps.recall);
    return 'told';
  };
}

/** A case whose workflow is gone must not keep the others waiting; the reconciler names it. */
function whenLost(error: unknown): null {
  if (error instanceof CaseLost) return null;
  throw error;
}

/** News is as old as the step of the investigation that made it: a root found in time stops its clock in time. */
function instantOf({ rootAt, measureAt, verifiedAt }: News): Instant {
  return latest(...[rootAt, measureAt, verifiedAt].filter((at) => at !== null));
}

/**
 * The same news to the same case is one command, however often it is sent: a name-based id (RFC 9562, version 8). News that comes to be the
 * same again, as when an investigation is opened anew, is another: `version` is the investigation's; none of one that told none.
 */
function idOf(complaint: string, { investigation, rootAt, measureAt, verifiedAt }: News, version?: number): string {
  const name = [complaint, investigation, rootAt, measureAt, verifiedAt, ...(version === undefined ? [] : [version])];
  const hex = createHash('sha256').update(name.join(' ')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
