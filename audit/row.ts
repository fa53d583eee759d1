import { fold as foldComplaint } from '../domain/complaint/evolve.js';
import { fold as foldInvestigation } from '../domain/investigation/evolve.js';
import { isDatabaseAway } from '../prisma/away.js';
import { columnsOf, rowOf } from '../prisma/columns.js';
import type { Database } from '../prisma/database.js';
import { chainOf, type Link } from '../prisma/events.js';
import type { StateOf, Subject } from '../prisma/subject.js';
import type { Vault } from '../prisma/vault.js';
import { differences, type Difference } from './compare.js';
import type { Event } from './replay.js';

/** What the record of a case is read with. */
export interface RecordParts {
  database: Database;
  vault: Pick<Vault, 'read' | 'digest'>;
}

/** What is recorded of a case. */
export interface Recorded {
  head: number;
  hash: string | null;
  state: unknown;
  /** the columns that lists are made of */
  columns: { [name: string]: unknown };
  links: Link<Subject>[];
}

/** As it stands now; of what there is not, nothing. */
export async function recordOf(database: Database, subject: Subject, id: string): Promise<Recorded> {
  const row = await rowOf(database, subject, id);
  const links = await chainOf(database, subject, id);
  return { head: row?.head ?? 0, hash: row?.hash ?? null, state: row?.state ?? null, columns: row?.columns ?? {}, links };
}

/** The row that lists and reads are made of is the fold of the replayed events, and ends the chain. */
export async function rowDifferences(
  parts: RecordParts, subject: Subject, id: string, { head, hash, state, columns, links }: Recorded, events: Event[],
): Promise<Difference[]> {
  const replayed = events.length === head ? folded(subject, id, events) : null;
  const last = links.at(-1);
  return [
    ...(head === (last?.event.seq ?? 0) ? [] : [{ field: 'head', recorded: head, replayed: last?.event.seq ?? 0 }]),
    ...(hash === (last?.hash ?? null) ? [] : [{ field: 'head hash', recorded: hash, replayed: last?.hash ?? null }]),
    ...(replayed === null ? [] : differences(state, replayed, 'state')),
    ...(replayed === null ? [] : columnDifferences(columns, {
      ...(await columnsOf(parts.database, subject, replayed)), ...belongingOf(replayed, events),
    })),
    ...(await trackingDifferences(parts, columns)),
  ];
}

/** Whose a case is, and who opened it: these never change, and say who may read it. */
function belongingOf(state: StateOf<Subject>, [first]: Event[]): Recorded['columns'] {
  return 'filedBy' in state ? { filed_by: state.filedBy, customer: state.customer } : { opened_by: first?.by };
}

/** The tracking code that is looked up is the one that the case's customer was given, sealed under their own key; or they are erased. */
async function trackingDifferences(
  { database, vault }: RecordParts, columns: Recorded['columns'],
): Promise<Difference[]> {
  const { tracking, tracking_digest: recorded, customer } = columns;
  if (typeof tracking !== 'string') return [];
  const [words] = await database.query<{ owner: string }>`SELECT owner FROM words WHERE ref = ${tracking}::uuid`;
  // what does not decipher was altered
  const code = await vault.read([tracking]).then((read) => read.get(tracking) ?? null, (error: unknown) => {
    if (isDatabaseAway(error)) throw error;
    return '';
  });
  return [
    ...differences(words?.owner, customer, 'column tracking'),
    ...(code === null ? [] : differences(recorded, vault.digest('tracking', code), 'column tracking_digest')),
  ];
}

function columnDifferences(recorded: Recorded['columns'], { state: _state, ...replayed }: Recorded['columns']): Difference[] {
  // what gauges count was not kept by earlier versions, and says nothing of the case
  const kept = Object.entries(replayed).filter(([name]) => name !== 'clocks' || recorded[name] !== null);
  return kept.flatMap(([name, value]) => differences(recorded[name], value, `column ${name}`));
}

function folded(subject: Subject, id: string, events: Event[]): StateOf<Subject> | null {
  return subject === 'complaint'
    ? foldComplaint(id, events as Parameters<typeof foldComplaint>[1])
    : foldInvestigation(id, events as Parameters<typeof foldInvestigation>[1]);
}
