import { randomUUID } from 'node:crypto';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { Sent } from '../domain/event.js';
import type { Instant } from '../domain/time.js';
import type { InvestigationCommand } from '../domain/investigation/command.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import type { Progress } from './cases.js';
import type { Database } from './database.js';
import { intentOf, intentRow, type Intent, type IntentColumns } from './intent.js';
import type { Outcome } from './record.js';
import type { EventOf, StateOf, Subject } from './subject.js';

/**
 * Writes what further events make of a case, and what follows from them: one statement, so one transaction. Answers the
 * intents that came into being; null, and nothing is written, when the head has moved on.
 */
export async function writeProgress<S extends Subject>(
  { client }: Database, { subject, id, intent }: Outcome<S>, head: number, next: Progress<S>, fresh: EventOf<S>[],
): Promise<Intent[] | null> {
  const { columns, deliveries, ended } = next;
  const row = JSON.stringify({ ...columns, head: next.head, hash: next.hash });
  const events = JSON.stringify(next.events);
  const outbox = JSON.stringify(deliveries.map((one) => ({ ...one, state: 'pending' })));
  const links = [...fresh].filter(isLink);
  const commands = links.flatMap(({ command }) => (command === null ? [] : [command]));
  const raised = JSON.stringify(links.map((event) => linkIntent(id, event, receiptOf(next.state))));
  const rows = subject === 'complaint'
    ? await client.$queryRaw<Partial<IntentColumns>[]>`
        WITH moved AS (
          UPDATE complaint c SET head = n.head, hash = n.hash, state = n.state, status = n.status, level = n.level, tier = n.tier, type = n.type,
            department = n.department, owner = n.owner, special = n.special, departments = n.departments, due_at = n.due_at,
            received_at = n.received_at, closed_at = n.closed_at, history_wanted = c.history_wanted OR ${ended}::boolean
          FROM jsonb_populate_record(null::complaint, ${row}::jsonb) n
          WHERE c.id = ${id}::uuid AND c.head = ${head}::int RETURNING c.id),
        happened AS (INSERT INTO event SELECT e.* FROM moved, jsonb_populate_recordset(null::event, ${events}::jsonb) e),
        told AS (
          INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, ref, state, created_at)
          SELECT d.id, d.subject, d.complaint, d.seq, d.kind, d.audience, d.recipient, d.ref, d.state, now()
          FROM moved, jsonb_populate_recordset(null::delivery, ${outbox}::jsonb) d ON CONFLICT DO NOTHING),
        opens AS (SELECT i.opens FROM moved, intent i WHERE i.id = ANY(${commands}::text[]) AND i.opens IS NOT NULL),
        opened AS (INSERT INTO investigation SELECT n.* FROM opens, jsonb_populate_record(null::investigation, opens->'row') n ON CONFLICT DO NOTHING RETURNING id),
        began AS (
          INSERT INTO investigation_event SELECT e.* FROM opens, jsonb_populate_recordset(null::investigation_event, opens->'events') e ON CONFLICT DO NOTHING),
        raised AS (
          INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state, lease_until, created_at)
          SELECT n.id, n.kind, n.subject, n.subject_id, n.name, n.caller, n.key_digest, n.body_digest, n.sent, n.version, n.state,
            now() + interval '10 seconds', now()
          FROM (
            SELECT s.* FROM opens, jsonb_populate_record(null::intent, opens->'start') s
            UNION ALL SELECT r.* FROM moved, jsonb_populate_recordset(null::intent, ${raised}::jsonb) r) n
          ON CONFLICT DO NOTHING RETURNING *),
        done AS (
          UPDATE intent i SET state = 'done', done_at = now(), version = ${intent?.version ?? null}::int
          FROM moved WHERE i.id = ${intent?.id ?? null}::text AND i.state = 'open')
        SELECT raised.* FROM moved LEFT JOIN raised ON true ORDER BY kind = 'start' DESC`
    : await client.$queryRaw<Partial<IntentColumns>[]>`
        WITH moved AS (
          UPDATE investigation c SET head = n.head, hash = n.hash, state = n.state, status = n.status, type = n.type, concluded_at = n.concluded_at,
            history_wanted = c.history_wanted OR ${ended}::boolean
          FROM jsonb_populate_record(null::investigation, ${row}::jsonb) n
          WHERE c.id = ${id}::uuid AND c.head = ${head}::int RETURNING c.id),
        happened AS (INSERT INTO investigation_event SELECT e.* FROM moved, jsonb_populate_recordset(null::investigation_event, ${events}::jsonb) e),
        told AS (
          INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, ref, state, created_at)
          SELECT d.id, d.subject, d.complaint, d.seq, d.kind, d.audience, d.recipient, d.ref, d.state, now()
          FROM moved, jsonb_populate_recordset(null::delivery, ${outbox}::jsonb) d ON CONFLICT DO NOTHING),
        done AS (
          UPDATE intent i SET state = 'done', done_at = now(), version = ${intent?.version ?? null}::int
          FROM moved WHERE i.id = ${intent?.id ?? null}::text AND i.state = 'open')
        SELECT null::text AS id FROM moved`;
  return rows.length === 0 ? null : rows.flatMap((one) => (isWhole(one) ? [intentOf(one)] : []));
}

function isLink(event: ComplaintEvent | InvestigationEvent): event is Linked {
  return event.type === 'investigation_linked';
}

function isWhole(row: Partial<IntentColumns>): row is IntentColumns {
  return typeof row.id === 'string';
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
