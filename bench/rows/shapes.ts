import { listComplaints, type ComplaintFilter, type ListComplaints } from '../../prisma/complaints.js';
import type { Page } from '../../prisma/cursor.js';
import { cursorOf } from '../../prisma/cursor.js';
import type { Database } from '../../prisma/database.js';
import { listInvestigations } from '../../prisma/investigations.js';
import type { Reader } from '../../prisma/reader.js';

/** One kind of list, as somebody may ask for it. */
export interface Shape {
  name: string;
  ask(database: Database): Promise<Page<unknown>>;
}

const LIMIT = 50;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

const readers: Record<string, Reader> = {
  everybody: { sees: 'all' },
  'a department': { sees: 'department', department: 'logistics' },
  'a channel': { sees: 'filed', by: 'channel3' },
};

const sorts = ['receivedAt', 'dueAt'] as const;

function filters(now: number): Record<string, ComplaintFilter> {
  const at = (years: number) => new Date(now - years * YEAR_MS).toISOString();
  return {
    'no filter': {},
    'status=open': { status: 'open' },
    'status=paused': { status: 'paused' },
    'status=closed': { status: 'closed' },
    'status=duplicate': { status: 'duplicate' },
    'level=1': { level: 1 },
    'level=3': { level: 3 },
    'tier=urgent': { tier: 'urgent' },
    'type=price': { type: 'price' },
    'channel=letter': { channel: 'letter' },
    'department=sales': { department: 'sales' },
    'owner=agent7': { owner: 'agent7' },
    'owner=agent7 status=open': { owner: 'agent7', status: 'open' },
    'an owner of nothing': { owner: 'nobody' },
    'a type of nothing': { type: 'nothing' },
    'overdue': { overdue: true },
    'overdue status=open': { overdue: true, status: 'open' },
    'special=major': { special: 'major' },
    'special of nothing': { special: 'focus' },
    'a customer': { customer: '00000000-0000-4000-8000-000000000001' },
    'a day of last year': { from: at(1), to: new Date(now - YEAR_MS + YEAR_MS / 365).toISOString() },
    'before the first': { to: at(6) },
    'status=open tier=urgent department=sales': { status: 'open', tier: 'urgent', department: 'sales' },
  };
}

/** Every filter for every reader in every order, from the first page and from the middle. */
export function complaintShapes(now: number): Shape[] {
  const instant = new Date(now).toISOString();
  const middle = new Date(now - 2.5 * YEAR_MS).toISOString();
  return Object.entries(readers).flatMap(([who, reader]) =>
    Object.entries(filters(now)).flatMap(([what, filter]) =>
      sorts.flatMap((sort) =>
        ['first page', 'from the middle'].map((from): Shape => {
          const cursor = cursorOf({ sort, at: middle, id: '00000000-0000-4000-8000-000000000000' });
          const list: ListComplaints = { reader, filter, sort, limit: LIMIT, now: instant, ...(from === 'first page' ? {} : { cursor }) };
          return { name: `complaints, ${what}, for ${who}, by ${sort}, ${from}`, ask: (database) => listComplaints(database, list) };
        }),
      ),
    ),
  );
}

export function investigationShapes(now: number): Shape[] {
  const cursor = cursorOf({ sort: 'openedAt', at: new Date(now - YEAR_MS / 2).toISOString(), id: '00000000-0000-4000-8000-000000000000' });
  return ([{}, { status: 'open' }, { status: 'concluded' }, { type: 'price' }, { status: 'open', type: 'price' }] as const).flatMap((filter) =>
    [{}, { cursor }].map((from): Shape => ({
      name: `investigations, ${JSON.stringify(filter)}, ${'cursor' in from ? 'from the middle' : 'first page'}`,
      ask: (database) => listInvestigations(database, { filter, limit: LIMIT, ...from }),
    })),
  );
}
