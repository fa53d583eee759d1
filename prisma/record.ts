import { progress, type Standing } from './cases.js';
import { chainHash } from './chain.js';
import { columnsOf } from './columns.js';
import type { Database } from './database.js';
import type { Intent } from './intent.js';
import { finishIntent } from './intents.js';
import { writeProgress } from './recording.js';
import { isId, type EventOf, type StateOf, type Subject } from './subject.js';

export interface Outcome<S extends Subject> {
  subject: S;
  id: string;
  /** as the engine answered them: in order, without a gap; those recorded already may be among them */
  events: EventOf<S>[];
  /** the intent that this ends, and the version in its answer */
  intent?: { id: string; version: number };
  /** where the case stood when somebody last looked: spares looking again, unless it has moved on since */
  from?: Standing<S> | undefined;
}

export interface Recording<S extends Subject> {
  head: number;
  state: StateOf<S>;
  /**
   * intents that came into being with it: the start of a new investigation, the `link` of a complaint to one. The caller kicks
   * them at once; what is left, a sweeper finishes
   */
  raised: Intent[];
}

/** There are events between the record's head and those offered. Ask the engine for all after `head`. */
export class RecordGap extends Error {
  constructor(readonly id: string, readonly head: number, readonly offered: number) {
    super(`the record of ${id} ends at ${head}, and the next event offered is ${offered}`);
    this.name = 'RecordGap';
  }
}

/** An event is recorded already, and differs from the one offered. Nothing is overwritten: somebody has to look. */
export class RecordConflict extends Error {
  constructor(readonly id: string, readonly seq: number) {
    super(`event ${seq} of ${id} is recorded, and is not the one that was offered`);
    this.name = 'RecordConflict';
  }
}

/** There is no row for this case. */
export class RecordMissing extends Error {
  constructor(readonly id: string) {
    super(`there is no record of ${id}`);
    this.name = 'RecordMissing';
  }
}

/**
 * Records what happened to a case, in one write transaction: events with their chain, the row and its columns, the outbox,
 * the intents that follow, and the end of the intent that caused it. Whoever else records the same events at the same time
 * (the API, the worker, a sweeper): each event is there once, idempotent by (case, seq).
 * Throws `RecordGap`, `RecordConflict`, `RecordMissing`.
 */
export async function record<S extends Subject>(database: Database, outcome: Outcome<S>): Promise<Recording<S>> {
  let seen = followedBy(outcome);
  for (;;) {
    const known = seen ?? (await recorded(database, outcome));
    seen = null;
    const fresh = unrecorded(outcome, known);
    const next = progress(outcome.subject, outcome.id, known, fresh);
    if (next === null) {
      const version = outcome.intent?.version ?? 0;
      // the case takes it for recorded, and has not kept it: it was lost here after the case had heard of it
      if (version > known.head) throw new RecordGap(outcome.id, known.head, version);
      if (outcome.intent) await finishIntent(database, outcome.intent.id, outcome.intent.version);
      return { head: known.head, state: known.state, raised: [] };
    }
    // The head is compared when writing: whoever was faster has moved it, and the rest is looked at again.
    const columns = await columnsOf(database, outcome.subject, next.state);
    const raised = await writeProgress(database, outcome, known.head, { columns, ...next }, fresh);
    if (raised) return { head: next.head, state: next.state, raised };
  }
}

/** Where the case stood, if the events offered follow on that at once. */
function followedBy<S extends Subject>({ from, events }: Outcome<S>): Known<S> | null {
  if (!from || from.state === null || from.hash === null || events[0]?.seq !== from.head + 1) return null;
  return { head: from.head, hash: from.hash, state: from.state, hashes: null };
}

interface Known<S extends Subject> extends Standing<S> {
  hash: string;
  state: StateOf<S>;
  /** hashes of the recorded events among those offered, and of the one before them, by `seq` */
  hashes: Record<string, string> | null;
}

async function recorded<S extends Subject>({ query }: Database, { subject, id, events }: Outcome<S>): Promise<Known<S>> {
  const first = (events[0]?.seq ?? 0) - 1;
  const last = events.at(-1)?.seq ?? 0;
  const rows = !isId(id) ? [] : subject === 'complaint'
    ? await query<Known<S>>`
        SELECT head, hash, state, (SELECT jsonb_object_agg(seq, e.hash) FROM event e WHERE complaint = id AND seq BETWEEN ${first}::int AND ${last}::int) AS hashes
        FROM complaint WHERE id = ${id}::uuid`
    : await query<Known<S>>`
        SELECT head, hash, state, (SELECT jsonb_object_agg(seq, e.hash) FROM investigation_event e WHERE investigation = id AND seq BETWEEN ${first}::int AND ${last}::int) AS hashes
        FROM investigation WHERE id = ${id}::uuid`;
  const [row] = rows;
  if (!row) throw new RecordMissing(id);
  return row;
}

/** The events after the recorded head, once those before it have proved to be the recorded ones. */
function unrecorded<S extends Subject>({ id, events }: Outcome<S>, known: Known<S>): EventOf<S>[] {
  let expected = events[0]?.seq ?? known.head + 1;
  if (expected > known.head + 1) throw new RecordGap(id, known.head, expected);
  for (const event of events) {
    if (event.seq !== expected) throw new RecordGap(id, expected - 1, event.seq);
    expected += 1;
    if (event.seq > known.head) continue;
    const hash = chainHash(known.hashes?.[event.seq - 1] ?? null, id, event);
    if (hash !== known.hashes?.[event.seq]) throw new RecordConflict(id, event.seq);
  }
  return events.filter((event) => event.seq > known.head);
}
