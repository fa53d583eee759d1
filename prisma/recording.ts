import { randomUUID } from 'node:crypto';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { Sent } from '../domain/event.js';
import type { Instant } from '../domain/time.js';
import type { InvestigationCommand } from '../domain/investigation/command.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import type { Progress } from './cases.js';
import type { Database } from './database.js';
import { intentRow, type Intent } from './intent.js';
import { moveComplaint, moveInvestigation } from './moving.js';
import type { Outcome } from './record.js';
import type { EventOf, StateOf, Subject } from './subject.js';

/**
 * Writes what further events make of a case, and what follows from them, in one transaction. Answers the intents that came into
 * being; null, and nothing is written, when the head has moved on.
 */
export function writeProgress<S extends Subject>(
  database: Database, { subject, id, intent }: Outcome<S>, head: number,
  /** with the columns of the case's row that follow from its state */
  next: Progress<S> & { columns: Record<string, unknown> }, fresh: EventOf<S>[],
): Promise<Intent[] | null> {
  const links = [...fresh].filter(isLink);
  const move = subject === 'complaint' ? moveComplaint : moveInvestigation;
  return move(database, {
    id,
    from: head,
    row: { head: next.head, hash: next.hash, ...next.columns },
    events: next.events,
    deliveries: next.deliveries.map((one) => ({ state: 'pending', ...one })),
    ended: next.ended,
    intent: intent ?? null,
    // not what ends the run that would answer, what the answer does not tell, and what would have other ids the second time
    again: intent !== undefined && next.head <= intent.version && !next.ended && links.length === 0,
    opening: links.flatMap(({ command }) => (command === null ? [] : [command])),
    raised: links.map((event) => linkIntent(id, event, receiptOf(next.state))),
  });
}

function isLink(event: ComplaintEvent | InvestigationEvent): event is Linked {
  return event.type === 'investigation_linked';
}

type Linked = Extract<ComplaintEvent, { type: 'investigation_linked' }>;

/** When a complaint was received; an investigation links nothing. */
function receiptOf(state: StateOf<Subject>): Instant {
  return 'receivedAt' in state ? state.receivedAt : state.openedAt;
}

/** What brings a complaint to its investigation. It is nobody's command: the engine signs it, and sets `head`, when it sends it. */
function linkIntent(complaint: string, event: Linked, receivedAt: Instant) {
  const id = randomUUID();
  const system = { by: 'system', role: 'system' as const, rung: null, department: null };
  const command: InvestigationCommand<'link'> = { id, name: 'link', at: event.at, ...system, data: { complaint, receivedAt } };
  const sent: Sent<InvestigationCommand> = { command, head: 0, ifMatch: null, signature: '' };
  const target = { subject: 'investigation' as const, subjectId: event.data.investigation };
  return intentRow({ id, kind: 'command', ...target, name: 'link', caller: 'system', keyDigest: null, bodyDigest: null, sent });
}
