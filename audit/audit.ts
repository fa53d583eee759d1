import { setTimeout as wait } from 'node:timers/promises';
import { fold as foldComplaint } from '../domain/complaint/evolve.js';
import { fold as foldInvestigation } from '../domain/investigation/evolve.js';
import { workflowId } from '../engine/ids.js';
import { chainHash } from '../prisma/chain.js';
import { columnsOf, rowOf } from '../prisma/columns.js';
import type { Database } from '../prisma/database.js';
import { chainOf, type Link } from '../prisma/events.js';
import { startOf } from '../prisma/intents.js';
import type { StateOf, Subject } from '../prisma/subject.js';
import { compareEvents, differences, type Difference } from './compare.js';
import type { Histories } from './history.js';
import type { Event, Replayer } from './replay.js';

export interface Finding {
  deterministic: boolean;
  /** how many events the replay produced */
  events: number;
  differences: Difference[];
}

/** A finding, null where there is no history; and whether nothing of it is still under way: events that only one side has, a start. */
export interface Look {
  finding: Finding | null;
  final: boolean;
}

/** What an auditor asks about one complaint or investigation (spec: evidence, 2 and 4). */
export interface Audit {
  history(subject: Subject, id: string): Promise<{ events: unknown[] } | null>;
  /**
   * Replays the history and compares: events one by one, their chain, the row that lists are made of. A living case goes on while it is
   * read, so what is told may not be final.
   */
  look(subject: Subject, id: string): Promise<Look>;
  /** What a look tells once it is final; while it is not, more looks are begun for `settleMs`. Null where there is no history. */
  replay(subject: Subject, id: string, settleMs?: number): Promise<Finding | null>;
}

export function createAudit({ database, histories, replayer }: { database: Database; histories: Histories; replayer: Replayer }): Audit {
  async function look(subject: Subject, id: string): Promise<Look> {
    const isToBeStarted = (await startOf(database, id))?.state === 'open';
    const before = await headOf(database, subject, id);
    const runs = await histories.runs(subject, id);
    if (runs === null) return { finding: null, final: !isToBeStarted };
    const { deterministic, reason, events } = await replayer.replay(workflowId(subject, id), runs);
    const record = await recordOf(database, subject, id);
    const found = [
      ...(reason === null ? [] : [{ field: 'history', recorded: null, replayed: reason }]),
      ...compareEvents(
        record.links.map(({ event }) => event),
        events,
      ),
      ...brokenLinks(id, record.links),
      ...(await rowDifferences(database, subject, id, record, events)),
    ];
    const after = await headOf(database, subject, id);
    const settled = before === record.head && after === record.head && record.head === events.length;
    const final = settled || !deterministic || found.length === 0;
    return { finding: { deterministic, events: events.length, differences: found }, final };
  }

  return {
    history: (subject, id) => histories.json(subject, id),

    look,
    async replay(subject, id, settleMs = SETTLE_MS) {
      const until = performance.now() + settleMs;
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        const isLast = performance.now() + pause > until;
        const { finding, final } = await look(subject, id);
        if (final || isLast) return finding;
        await wait(pause);
      }
    },
  };
}

/** What is under way is recorded by then, also by a busy worker. No look is begun later, for somebody waits. */
const SETTLE_MS = 8_000;
/** It is doubled from look to look, for each is a replay. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;

interface Record {
  head: number;
  hash: string | null;
  state: unknown;
  /** the columns that lists are made of */
  columns: { [name: string]: unknown };
  links: Link<Subject>[];
}

async function recordOf(database: Database, subject: Subject, id: string): Promise<Record> {
  const row = await rowOf(database, subject, id);
  const links = await chainOf(database, subject, id);
  return { head: row?.head ?? 0, hash: row?.hash ?? null, state: row?.state ?? null, columns: row?.columns ?? {}, links };
}

async function headOf(database: Database, subject: Subject, id: string): Promise<number> {
  const row = await rowOf(database, subject, id);
  return row?.head ?? 0;
}

/** Each hash covers its event and the hash before it: a change, a removal or an insertion breaks the chain from there. */
function brokenLinks(id: string, links: Link<Subject>[]): Difference[] {
  let previous: string | null = null;
  const broken: Difference[] = [];
  for (const { event, hash } of links) {
    const expected = chainHash(previous, id, event);
    if (hash !== expected) broken.push({ seq: event.seq, field: 'hash', recorded: hash, replayed: expected });
    previous = hash;
  }
  return broken;
}

/** The row that lists and reads are made of is the fold of the replayed events, and ends the chain. */
async function rowDifferences(
  database: Database, subject: Subject, id: string, { head, hash, state, columns, links }: Record, events: Event[],
): Promise<Difference[]> {
  const replayed = events.length === head ? folded(subject, id, events) : null;
  const last = links.at(-1);
  return [
    ...(head === (last?.event.seq ?? 0) ? [] : [{ field: 'head', recorded: head, replayed: last?.event.seq ?? 0 }]),
    ...(hash === (last?.hash ?? null) ? [] : [{ field: 'head hash', recorded: hash, replayed: last?.hash ?? null }]),
    ...(replayed === null ? [] : differences(state, replayed, 'state')),
    ...(replayed === null ? [] : columnDifferences(columns, await columnsOf(database, subject, replayed))),
  ];
}

function columnDifferences(recorded: Record['columns'], { state: _state, ...replayed }: Record['columns']): Difference[] {
  // what gauges count was not kept by earlier versions, and says nothing of the case
  const kept = Object.entries(replayed).filter(([name]) => name !== 'clocks' || recorded[name] !== null);
  return kept.flatMap(([name, value]) => differences(recorded[name], value, `column ${name}`));
}

function folded(subject: Subject, id: string, events: Event[]): StateOf<Subject> | null {
  return subject === 'complaint'
    ? foldComplaint(id, events as Parameters<typeof foldComplaint>[1])
    : foldInvestigation(id, events as Parameters<typeof foldInvestigation>[1]);
}
