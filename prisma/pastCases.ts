import type { ComplaintCommand, Escalate, File } from '../domain/complaint/command.js';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { Instant } from '../domain/time.js';
import { cursorOf, pageOf, positionOf, BadCursor, type Page } from './cursor.js';
import type { Database } from './database.js';
import { FIRST_ID, underPolicy, type UnderPolicy } from './underPolicy.js';

/** Which cases: received from `from` on, before `to`, under this policy; all unless told. */
export interface PastFilter {
  from: Instant | null;
  to: Instant | null;
  policy: UnderPolicy;
}

/** A case with all that it could be lived again from. */
export interface PastCase {
  state: Complaint;
  events: ComplaintEvent[];
  /** null when its filing is not kept: it came from elsewhere */
  file: File | null;
  commands: Map<string, ComplaintCommand | Escalate>;
}

const SORT = 'receivedAt';

interface Row {
  id: string;
  state: Complaint;
  /** false: where to go on */
  wanted: boolean;
  events: ComplaintEvent[] | null;
  intents: { id: string; kind: string; sent: { file?: File; command?: ComplaintCommand | Escalate } }[] | null;
}

/** A page of cases in the order of their receipt. Throws `BadCursor`. */
export async function pastCases(
  { query }: Database, { from, to, policy }: PastFilter, page: { limit: number; cursor: string | null },
): Promise<Page<PastCase>> {
  const after = page.cursor === null ? null : positionOf(page.cursor, SORT);
  if (page.cursor !== null && after === null) throw new BadCursor();
  const rows = await query<Row>`
    WITH looked AS MATERIALIZED (
      SELECT id, state, received_at FROM complaint
      WHERE received_at >= coalesce(${from}::timestamptz, '-infinity') AND received_at < coalesce(${to}::timestamptz, 'infinity')
        AND (received_at, id) > (coalesce(${after?.at ?? null}::timestamptz, '-infinity'), coalesce(${after?.id ?? null}::uuid, ${FIRST_ID}::uuid))
      ORDER BY received_at, id LIMIT ${LOOKED}::int),
    page AS (
      SELECT id, state, received_at, true AS wanted FROM looked
      WHERE ${underPolicy(policy)} ORDER BY received_at, id LIMIT ${page.limit + 1}::int),
    last AS (
      SELECT id, state, received_at, false AS wanted FROM looked WHERE (SELECT count(*) FROM looked) = ${LOOKED}::int
      ORDER BY received_at DESC, id DESC LIMIT 1)
    SELECT id, state, wanted,
      (SELECT jsonb_agg(jsonb_build_object('seq', seq, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', by, 'role', role,
        'command', command, 'type', type, 'data', data) ORDER BY seq) FROM event WHERE complaint = page.id) AS events,
      (SELECT jsonb_agg(jsonb_build_object('id', i.id, 'kind', i.kind, 'sent', i.sent))
        FROM intent i WHERE i.subject_id = page.id AND i.subject = 'complaint') AS intents
    FROM (SELECT * FROM page UNION ALL SELECT * FROM last) page ORDER BY wanted DESC, received_at, id`;
  const position = ({ id, state }: Row) => ({ sort: SORT, at: state.receivedAt, id });
  const { items, next } = pageOf(rows.filter(({ wanted }) => wanted), page.limit, position);
  const last = rows.find(({ wanted }) => !wanted);
  return { items: items.map(caseOf), next: next ?? (last ? cursorOf(position(last)) : null) };
}

/** So many cases are looked at in one page, however few of them are meant. */
const LOOKED = 2_000;

function caseOf({ state, events, intents }: Row): PastCase {
  const own = intents ?? [];
  const file = own.find(({ kind }) => kind === 'start')?.sent.file ?? null;
  const commands = own.flatMap(({ id, sent }): [string, ComplaintCommand | Escalate][] => (sent.command ? [[id, sent.command]] : []));
  return { state, events: events ?? [], file, commands: new Map(commands) };
}
