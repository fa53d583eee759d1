import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fold } from '../../domain/complaint/evolve.js';
import { instant, millis, plus } from '../../domain/time.js';
import { BadCursor, cursorOf } from '../../prisma/cursor.js';
import { complaintById, listComplaints, type ComplaintFilter, type ComplaintRow } from '../../prisma/complaints.js';
import { finishIntent, startOf } from '../../prisma/intents.js';
import { livingCases } from '../../prisma/living.js';
import { mayRead, type Reader } from '../../prisma/reader.js';
import { record } from '../../prisma/record.js';
import { ann, answerOf, filed, OVER, place, web, type Place } from './given.js';

const now = instant(Date.now());
const everything: Reader = { sees: 'all' };
let here: Place;
let rows: ComplaintRow[] = [];

beforeAll(async () => {
  here = await place();
  for (let i = 0; i < 23; i += 1) {
    // several at one instant, so that a page may end between them
    const receivedAt = plus(now, -Math.floor(i / 4) * 3_600_000);
    const actor = i % 3 ? web : ann;
    const filing = { receivedAt, department: i % 2 ? 'logistics' : null, tier: i % 5 ? null : ('serious' as const), type: i % 2 ? 'logistics' : 'price' };
    rows.push((await filed(here, { actor, filing, at: now })).row);
  }
  const [first] = rows;
  if (first) {
    const events = answerOf(first.state, ann, 'dispatch', { department: 'logistics', text: first.state.text });
    await record(here.database, { subject: 'complaint', id: first.id, events });
  }
  rows = (await Promise.all(rows.map(({ id }) => complaintById(here.database, id)))).filter((row) => row !== null);
});
afterAll(() => here.database.close());

async function walk(options: { sort?: 'dueAt' | 'receivedAt'; filter?: ComplaintFilter; reader?: Reader; limit?: number }): Promise<ComplaintRow[]> {
  const { reader = everything, limit = 5, ...rest } = options;
  const found: ComplaintRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await listComplaints(here.database, { reader, limit, now, ...rest, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...rowsOf(page.items));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return found;
}

function rowsOf(listed: { id: string }[]): ComplaintRow[] {
  return listed.flatMap(({ id }) => rows.filter((row) => row.id === id));
}

const ids = (list: ComplaintRow[]): string[] => list.map(({ id }) => id).sort();

describe('lists (spec: api, general)', () => {
  it.each(['dueAt', 'receivedAt'] as const)('sorted by %s have no gap and no repeat over their pages', async (sort) => {
    const found = await walk({ sort });
    expect(found).toHaveLength(rows.length);
    expect(ids(found)).toEqual(ids(rows));
  });

  it('begin with what is received last, or what is due first', async () => {
    const received = (await walk({ sort: 'receivedAt' })).map(({ state }) => millis(state.receivedAt));
    expect(received).toEqual([...received].sort((a, b) => b - a));
    const { items } = await listComplaints(here.database, { reader: everything, sort: 'dueAt', limit: 1, now });
    expect(rowsOf(items)[0]?.state.receivedAt).toBe(rows.map(({ state }) => state.receivedAt).sort()[0]);
  });

  const filters: { filter: ComplaintFilter; holds: (row: ComplaintRow) => boolean }[] = [
    { filter: { tier: 'serious' }, holds: ({ state }) => state.tier === 'serious' },
    { filter: { type: 'price', department: 'logistics' }, holds: () => false },
    { filter: { department: 'logistics' }, holds: ({ state }) => state.department === 'logistics' },
    { filter: { owner: 'ann', level: 1, status: 'open', channel: 'web' }, holds: ({ state }) => state.owner === 'ann' },
    { filter: { from: plus(now, -3_600_000) }, holds: ({ state }) => state.receivedAt >= plus(now, -3_600_000) },
    { filter: { to: plus(now, -3_600_000) }, holds: ({ state }) => state.receivedAt < plus(now, -3_600_000) },
    { filter: { special: 'major' }, holds: ({ state }) => state.special.includes('major') },
    { filter: { overdue: true }, holds: ({ state }) => state.receivedAt < now },
    { filter: { overdue: false }, holds: ({ state }) => state.receivedAt >= now },
  ];
  it.each(filters)('filter by $filter', async ({ filter, holds }) => {
    expect(ids(await walk({ filter }))).toEqual(ids(rows.filter(holds)));
  });

  it('refuse a cursor of another list, and nonsense', async () => {
    const { next } = await listComplaints(here.database, { reader: everything, sort: 'dueAt', limit: 2, now });
    for (const cursor of [next ?? '', 'nonsense', Buffer.from('["receivedAt","x","y"]').toString('base64url')]) {
      await expect(listComplaints(here.database, { reader: everything, sort: 'receivedAt', limit: 2, cursor, now })).rejects.toThrow(BadCursor);
    }
  });

  it.each([
    'yesterday', '2026', '2026-01-02', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000+01:00', '2026-02-30T00:00:00.000Z', '0000-01-01T00:00:00.000Z', '+010000-01-01T00:00:00.000Z',
    'Fri Jan 02 2026 (x', 'infinity',
  ])('refuse a cursor at %j, which is no instant of theirs', async (at) => {
    for (const sort of ['receivedAt', 'dueAt'] as const) {
      const cursor = cursorOf({ sort, at, id: rows[0]?.id ?? '' });
      await expect(listComplaints(here.database, { reader: everything, sort, limit: 2, cursor, now })).rejects.toThrow(BadCursor);
    }
  });

  it('refuse a cursor with a letter more or less', async () => {
    const cursor = cursorOf({ sort: 'receivedAt', at: now, id: rows[0]?.id ?? '' });
    await listComplaints(here.database, { reader: everything, limit: 2, cursor, now });
    for (const wrong of [`${cursor}A`, `${cursor}=`, `${cursor}.`, cursor.slice(1), cursor.slice(0, -1)]) {
      await expect(listComplaints(here.database, { reader: everything, limit: 2, cursor: wrong, now })).rejects.toThrow(BadCursor);
    }
  });
});

it('the mark of a listed case stays while nothing happens, and changes with its events, its customer, their key, and what somebody alters by hand', async () => {
  const own = await place();
  const given = { key: 'CRM-mark' };
  const { row } = await filed(own, { given, actor: ann });
  const listed = async () => (await listComplaints(own.database, { reader: everything, limit: 5, now })).items.find(({ id }) => id === row.id);
  const changes: (() => Promise<unknown>)[] = [
    () => record(own.database, { subject: 'complaint', id: row.id, events: answerOf(row.state, ann, 'note', { text: row.state.text }) }),
    () => filed(own, { given: { ...given, name: 'Mei' }, actor: ann }),
    () => own.vault.destroyKey(row.customer),
    () => own.database.execute`UPDATE customer SET revision = revision WHERE id = ${row.customer}::uuid`,
    () => own.database.execute`UPDATE vault_key SET wrapped = wrapped WHERE owner = ${row.customer}::uuid`,
    () => own.database.execute`UPDATE complaint SET state = state || '{"tier": "urgent"}' WHERE id = ${row.id}::uuid`,
  ];
  const first = await listed();
  expect(first).toEqual({ id: row.id, filedBy: 'ann', mark: (await listed())?.mark });
  const marks = [first?.mark];
  for (const change of changes) {
    await change();
    marks.push((await listed())?.mark);
  }
  expect(new Set(marks).size).toBe(1 + changes.length);
  await own.database.close();
});

describe('who may see which case (spec: api, roles)', () => {
  const readers: { reader: Reader; some: boolean }[] = [
    { reader: { sees: 'department', department: 'logistics' }, some: true },
    { reader: { sees: 'department', department: 'production' }, some: false },
    { reader: { sees: 'filed', by: 'web' }, some: true },
    { reader: { sees: 'filed', by: 'other' }, some: false },
  ];
  it.each(readers)('$reader', async ({ reader, some }) => {
    const seen = await walk({ reader });
    expect(seen.length > 0).toBe(some);
    expect(ids(seen)).toEqual(ids(rows.filter((row) => mayRead(reader, row))));
  });

  it('a department sees what it was asked, not what is merely classified as its own', async () => {
    const seen = await walk({ reader: { sees: 'department', department: 'logistics' } });
    expect(ids(seen)).toEqual([rows[0]?.id]);
  });
});

it('the reconciler finds every living case, and none that has closed', async () => {
  const { row } = await filed(here);
  const closed = { seq: row.head + 1, at: row.state.lastAt, by: 'system', role: 'system' as const, command: null, type: 'closed' as const, data: { clocks: [] } };
  await record(here.database, { subject: 'complaint', id: row.id, events: [closed] });
  for (const { id } of [row, ...rows]) {
    const start = await startOf(here.database, id);
    if (start) await finishIntent(here.database, start.id);
  }
  expect(await livingCases(here.database, 'complaint', { after: null, limit: 100, settledMs: OVER })).toEqual(ids(rows));
  expect(fold(row.id, [closed], row.state)?.closedAt).toBe(closed.at);
});
