import { instant } from '../domain/time.js';
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

/** Replays one case, or every one (`id` null), and answers each finding as it is known. Throws `Exit` 1 where there is no such case. */
export async function* replayed(configuration: CoreConfiguration, id: string | null): AsyncGenerator<CaseFinding> {
  const parts = openParts({ ...configuration, bundle: BUNDLE });
  try {
    for await (const one of id === null ? everyCase(parts.database) : caseOf(parts.database, id)) {
      yield { ...one, finding: await parts.audit.replay(one.subject, one.id) };
    }
  } finally {
    await parts.close();
  }
}


async function* caseOf(database: Database, id: string): AsyncGenerator<Case> {
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
