import { setTimeout as wait } from 'node:timers/promises';
import { workflowId } from '../engine/ids.js';
import { chainHash } from '../prisma/chain.js';
import { rowOf } from '../prisma/columns.js';
import type { Database } from '../prisma/database.js';
import type { Link } from '../prisma/events.js';
import { startOf } from '../prisma/intents.js';
import type { Subject } from '../prisma/subject.js';
import { compareEvents, type Difference } from './compare.js';
import type { Histories } from './history.js';
import type { Replayer } from './replay.js';
import { recordOf, rowDifferences, type RecordParts } from './row.js';

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

export interface AuditParts extends RecordParts {
  histories: Histories;
  replayer: Replayer;
}

export function createAudit({ database, vault, histories, replayer }: AuditParts): Audit {
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
      ...(await rowDifferences({ database, vault }, subject, id, record, events)),
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
