import { inBatches } from './batch.js';
import { createCompany, type Company } from './company.js';
import type { Database, Query } from './database.js';
import { unflushed } from './flush.js';
import { Prisma } from './generated/client.js';
import { intentOf, type Intent, type IntentColumns } from './intent.js';
import type { Subject } from './subject.js';

/** A case's way from one recorded head to the next: rows as JSON, named as the columns are. */
export interface Move {
  id: string;
  /** where the record must stand */
  from: number;
  /** the columns that follow from the state, with the new head and hash */
  row: Record<string, unknown>;
  events: Record<string, unknown>[];
  deliveries: object[];
  /** nothing more can happen: the history of the run is to be stored */
  ended: boolean;
  /** the intent that this ends, and the version in its answer */
  intent: { id: string; version: number } | null;
  /** were it lost, its intent would bring it back: the commit need not wait for the disc (docs/decisions/0007) */
  again: boolean;
  /** commands whose intent may have an investigation to open */
  opening: string[];
  /** further rows of `intent` that come into being with it */
  raised: object[];
}

/** What a move brought about; null, and nothing is written, when the head has moved on. */
type Moved = Intent[] | null;

/** Commands from the moment they are sent to the engine: each is to move its case on, or is refused. */
export const commands: Record<Subject, Company> = { complaint: createCompany(), investigation: createCompany() };

/**
 * How long an outcome waits for others, each time it is tried. They go in one statement, and who is answered together asks again
 * together: that takes fewer statements, writes to sockets and turns of every process from there on (docs/performance.md).
 */
const WAIT_MS = 20;

/** What `moving` holds of each case. */
const columns = Prisma.sql`m(case_id uuid, "from" int, "row" jsonb, ended boolean, intent text, version int, again boolean)`;

/** What follows for any subject from those that have moved: notices, ends of intents; a commit that waits unless all would come again. */
const follows = Prisma.sql`told AS (
      INSERT INTO delivery (id, subject, complaint, seq, kind, audience, recipient, ref, state, created_at)
      SELECT d.id, d.subject, d.complaint, d.seq, d.kind, d.audience, d.recipient, d.ref, d.state, now()
      FROM moved JOIN notices d ON d.complaint = moved.id ON CONFLICT DO NOTHING),
    done AS (
      UPDATE intent i SET state = 'done', done_at = now(), version = m.version
      FROM moved JOIN moving m ON m.case_id = moved.id
      WHERE i.id = ANY(ARRAY(SELECT intent FROM moving)) AND i.id = m.intent AND i.state <> 'done')
    SELECT id AS moved, CASE WHEN (SELECT bool_and(again) FROM moving) THEN ${unflushed} END FROM moved`;

/**
 * Moves complaints on, many at once in one statement. One that raises intents of its own goes alone, in a transaction: what it opens
 * is in a second statement, which the others need not carry.
 */
export const moveComplaint = inBatches<Move, Moved>(async (database, moves) => {
  const [first] = moves;
  if (!first || first.raised.length === 0) return moveComplaints(database, moves);
  return database.transaction(async (query) => {
    const [moved] = await moveComplaints({ query }, moves);
    return [moved ? await openFor(query, first) : null];
  });
}, { key: ({ id }) => id, alone: ({ raised }) => raised.length > 0, company: { of: commands.complaint, waitMs: WAIT_MS } });

async function moveComplaints({ query }: Pick<Database, 'query'>, moves: Move[]): Promise<Moved[]> {
  const { moving, events, deliveries } = partsOf(moves);
  const rows = await query<{ moved: string }>`
    WITH moving AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${moving}::jsonb) AS ${columns}),
    moved AS (
      UPDATE complaint c SET head = n.head, hash = n.hash, state = n.state, status = n.status, level = n.level, tier = n.tier, type = n.type,
        department = n.department, owner = n.owner, special = n.special, departments = n.departments, due_at = n.due_at, clocks = n.clocks,
        received_at = n.received_at, closed_at = n.closed_at, history_wanted = c.history_wanted OR m.ended
      FROM moving m, jsonb_populate_record(null::complaint, m."row") n
      WHERE c.id = ANY(ARRAY(SELECT case_id FROM moving)) AND c.id = m.case_id AND c.head = m."from" RETURNING c.id),
    happened AS (INSERT INTO event SELECT e.* FROM moved JOIN jsonb_populate_recordset(null::event, ${events}::jsonb) e ON e.complaint = moved.id),
    notices AS (SELECT * FROM jsonb_populate_recordset(null::delivery, ${deliveries}::jsonb)),
    ${follows}`;
  return movedOf(moves, rows);
}

/**
 * What follows from a link: the investigation that the command may have planned, with its start, and the link of the complaint to it.
 * Columns by name: within a transaction a statement cannot be asked again when an upgrade has added one.
 */
async function openFor(query: Query, { id, opening, raised }: Move): Promise<Intent[]> {
  const rows = await query<IntentColumns>`
    WITH opens AS (SELECT i.opens FROM intent i WHERE i.id = ANY(${opening}::text[]) AND i.subject_id = ${id}::uuid AND i.opens IS NOT NULL),
    opened AS (INSERT INTO investigation SELECT n.* FROM opens, jsonb_populate_record(null::investigation, opens->'row') n ON CONFLICT DO NOTHING RETURNING id),
    began AS (
      INSERT INTO investigation_event SELECT e.* FROM opens, jsonb_populate_recordset(null::investigation_event, opens->'events') e ON CONFLICT DO NOTHING),
    raised AS (
      INSERT INTO intent (id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state, lease_until, created_at)
      SELECT n.id, n.kind, n.subject, n.subject_id, n.name, n.caller, n.key_digest, n.body_digest, n.sent, n.version, n.state,
        now() + interval '10 seconds', now()
      FROM (
        SELECT s.* FROM opens, jsonb_populate_record(null::intent, opens->'start') s
        UNION ALL SELECT * FROM jsonb_populate_recordset(null::intent, ${JSON.stringify(raised)}::jsonb)) n
      ON CONFLICT DO NOTHING
      RETURNING id, kind, subject, subject_id, name, caller, key_digest, body_digest, sent, version, state, attempts, created_at)
    SELECT * FROM raised ORDER BY kind = 'start' DESC`;
  return rows.map(intentOf);
}

/** Moves investigations on, likewise. */
export const moveInvestigation = inBatches<Move, Moved>(async ({ query }, moves) => {
  const { moving, events, deliveries } = partsOf(moves);
  const rows = await query<{ moved: string }>`
    WITH moving AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${moving}::jsonb) AS ${columns}),
    moved AS (
      UPDATE investigation c SET head = n.head, hash = n.hash, state = n.state, status = n.status, type = n.type, concluded_at = n.concluded_at,
        history_wanted = c.history_wanted OR m.ended
      FROM moving m, jsonb_populate_record(null::investigation, m."row") n
      WHERE c.id = ANY(ARRAY(SELECT case_id FROM moving)) AND c.id = m.case_id AND c.head = m."from" RETURNING c.id),
    happened AS (
      INSERT INTO investigation_event
      SELECT e.* FROM moved JOIN jsonb_populate_recordset(null::investigation_event, ${events}::jsonb) e ON e.investigation = moved.id),
    notices AS (SELECT * FROM jsonb_populate_recordset(null::delivery, ${deliveries}::jsonb)),
    ${follows}`;
  return movedOf(moves, rows);
}, { key: ({ id }) => id, company: { of: commands.investigation, waitMs: WAIT_MS } });

function partsOf(moves: Move[]) {
  const moving = moves.map(({ id, from, row, ended, intent, again }) => ({
    case_id: id, from, row, ended, intent: intent?.id ?? null, version: intent?.version ?? null, again,
  }));
  return {
    moving: JSON.stringify(moving),
    events: JSON.stringify(moves.flatMap(({ events }) => events)),
    deliveries: JSON.stringify(moves.flatMap(({ deliveries }) => deliveries)),
  };
}

/** A move of a batch raises nothing: what does goes alone. */
function movedOf(moves: Move[], rows: { moved: string }[]): Moved[] {
  const moved = new Set(rows.map((row) => row.moved));
  return moves.map(({ id }) => (moved.has(id) ? [] : null));
}
