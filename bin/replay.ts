import type { Look } from '../audit/audit.js';
import { instant } from '../domain/time.js';
import { EngineAway } from '../engine/failure.js';
import { isDatabaseAway } from '../prisma/away.js';
import { complaintById, listComplaints } from '../prisma/complaints.js';
import type { Page } from '../prisma/cursor.js';
import type { Database } from '../prisma/database.js';
import { investigationById, listInvestigations } from '../prisma/investigations.js';
import { isId, type Subject } from '../prisma/subject.js';
import type { CaseFinding } from './commands/audit.js';
import type { CoreConfiguration } from './configuration.js';
import { failed } from './exit.js';
import { openParts } from './parts.js';
import { BUNDLE } from './bundle.js';

const PAGE = 200;

interface Case {
  subject: Subject;
  id: string;
}

/** What a worker that has died was doing is done again by then: a task after 10 s, a recording after 12 s and a pause. */
const SETTLE_MS = 30_000;

/**
 * Replays one case, or every one (`id` null), and answers each finding as it is known. Cases go on meanwhile: where something may still
 * be under way it is looked again at the end, at all of them for half a minute. A replay that fails by itself is a finding.
 * Throws `Exit` 1 where there is no such case, `EngineAway`, and what the driver says when the database is away.
 */
export async function* replayed(configuration: CoreConfiguration, id: string | null): AsyncGenerator<CaseFinding> {
  const parts = openParts({ ...configuration, bundle: BUNDLE });
  const again: Case[] = [];
  try {
    for await (const one of id === null ? everyCase(parts.database) : caseOf(parts.database, id)) {
      const { finding, final } = await parts.audit.look(one.subject, one.id).catch(failing);
      if (final) yield { ...one, finding };
      else again.push(one);
    }
    const until = performance.now() + SETTLE_MS;
    for (const one of again) {
      const finding = parts.audit.replay(one.subject, one.id, until - performance.now());
      yield { ...one, finding: await finding.catch((error: unknown) => failing(error).finding) };
    }
  } finally {
    await parts.close();
  }
}

/** One case whose history cannot be replayed must not keep an auditor from the others; without engine or database there are no others. */
function failing(error: unknown): Look {
  if (error instanceof EngineAway || isDatabaseAway(error)) throw error;
  const replayed = error instanceof Error ? error.message : String(error);
  return { finding: { deterministic: false, events: 0, differences: [{ field: 'history', recorded: null, replayed }] }, final: true };
}

async function* caseOf(database: Database, asked: string): AsyncGenerator<Case> {
  const id = asked.toLowerCase();
  if (isId(id) && (await complaintById(database, id))) yield { subject: 'complaint', id };
  else if (isId(id) && (await investigationById(database, id))) yield { subject: 'investigation', id };
  else throw failed(`There is no complaint and no investigation ${id}.`);
}

async function* everyCase(database: Database): AsyncGenerator<Case> {
  const now = instant(Date.now());
  yield* pages('complaint', (cursor) => listComplaints(database, { reader: { sees: 'all' }, limit: PAGE, now, ...cursor }));
  yield* pages('investigation', (cursor) => listInvestigations(database, { limit: PAGE, ...cursor }));
}

async function* pages(subject: Subject, page: (cursor: { cursor?: string }) => Promise<Page<{ id: string }>>): AsyncGenerator<Case> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { items, next }: Page<{ id: string }> = await page(cursor === undefined ? {} : { cursor });
    for (const { id } of items) yield { subject, id };
    cursor = next;
  }
}
