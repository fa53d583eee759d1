import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainHash } from '../../prisma/chain.js';
import { eventsUpTo } from '../../prisma/events.js';
import { closedCase, idOf, listOf, startSite, until, type Site } from './given.js';

let site: Site;
let sql: pg.Client;
let paths: { closed: string; living: string };
let investigation: string;

beforeAll(async () => {
  site = await startSite();
  sql = new pg.Client({ connectionString: site.databaseUrl });
  await sql.connect();
  const living = await site.filed('ann', { tier: 'serious' });
  await site.does('ann', `${living}/answer`, { message: 'sorry' });
  const opened = await site.does('quinn', `${living}/investigate`, { title: 'broken parcels' });
  investigation = String(opened['investigation']);
  await until(async () => (await site.parts.audit.replay('investigation', investigation))?.events === 2, 'the link');
  paths = { closed: await closedCase(site), living };
});
afterAll(async () => {
  await sql.end();
  await site.stop();
});

async function differencesOf(path: string): Promise<{ seq?: unknown; field?: unknown }[]> {
  const { status, told } = await site.call('aud', 'POST', `${path}/replay`);
  expect([status, told['deterministic']]).toEqual([200, true]);
  return listOf(told, 'differences');
}

/** Does it by hand, looks, and puts everything back as it was. */
async function altered<T>(id: string, how: () => Promise<unknown>, look: () => Promise<T>): Promise<T> {
  const tables = [['complaint', 'id'], ['event', 'complaint'], ['investigation', 'id'], ['investigation_event', 'investigation']] as const;
  const before = [];
  for (const [table, key] of tables) before.push((await sql.query<{ rows: unknown }>(`SELECT coalesce(jsonb_agg(t), '[]') AS rows FROM ${table} t WHERE ${key} = $1`, [id])).rows[0]?.rows);
  await how();
  try {
    return await look();
  } finally {
    await sql.query('DELETE FROM event WHERE complaint = $1', [id]);
    await sql.query('DELETE FROM investigation_event WHERE investigation = $1', [id]);
    await sql.query('DELETE FROM complaint WHERE id = $1', [id]);
    await sql.query('DELETE FROM investigation WHERE id = $1', [id]);
    for (const [i, [table]] of tables.entries()) await sql.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(null::${table}, $1::jsonb)`, [JSON.stringify(before[i])]);
  }
}

/** What somebody with a hand in the database does, and the difference that has to show. */
const hands: [what: string, sql: string, difference: { seq?: number; field: unknown }][] = [
  ['an instant', `UPDATE event SET at = at - interval '1 ms' WHERE complaint = $1 AND seq = 2`, { seq: 2, field: 'at' }],
  ['who it was', `UPDATE event SET "by" = 'bob' WHERE complaint = $1 AND seq = 2`, { seq: 2, field: 'by' }],
  ['in which role', `UPDATE event SET role = 'supervisor' WHERE complaint = $1 AND seq = 2`, { seq: 2, field: 'role' }],
  ['by which command', `UPDATE event SET command = NULL WHERE complaint = $1 AND seq = 3`, { seq: 3, field: 'command' }],
  ['what it was', `UPDATE event SET type = 'noted' WHERE complaint = $1 AND seq = 2`, { seq: 2, field: 'type' }],
  ['a value in its data', `UPDATE event SET data = jsonb_set(data, '{tier}', '"urgent"') WHERE complaint = $1 AND seq = 1`, { seq: 1, field: 'data.tier' }],
  ['a due date', `UPDATE event SET data = jsonb_set(data, '{clocks,0,budgetMs}', '1') WHERE complaint = $1 AND seq = 1`, { seq: 1, field: expect.stringMatching(/^data\.clocks\.0/) }],
  ['a field more in its data', `UPDATE event SET data = data || '{"more": 1}' WHERE complaint = $1 AND seq = 2`, { seq: 2, field: 'data.more' }],
  ['a hash', `UPDATE event SET hash = repeat('0', 64) WHERE complaint = $1 AND seq = 2`, { seq: 2, field: 'hash' }],
  ['an event removed from the midst', 'DELETE FROM event WHERE complaint = $1 AND seq = 2', { seq: 2, field: 'event' }],
  ['a tail cut off', 'DELETE FROM event WHERE complaint = $1 AND seq = (SELECT max(seq) FROM event WHERE complaint = $1)', { field: 'event' }],
  ['an event more', `INSERT INTO event SELECT complaint, seq + 1, at, "by", role, command, type, data, hash FROM event WHERE complaint = $1 ORDER BY seq DESC LIMIT 1`, { field: 'event' }],
  ['a state', `UPDATE complaint SET state = jsonb_set(state, '{owner}', '"bob"') WHERE id = $1`, { field: 'state.owner' }],
  ['the head’s hash', `UPDATE complaint SET hash = repeat('0', 64) WHERE id = $1`, { field: 'head hash' }],
  ['the head', 'UPDATE complaint SET head = head - 1 WHERE id = $1', { field: 'head' }],
  ['an empty list made an empty object', `UPDATE complaint SET state = jsonb_set(state, '{coOwners}', '{}') WHERE id = $1`, { field: 'state.coOwners' }],
  ['a column of lists: status', `UPDATE complaint SET status = 'duplicate' WHERE id = $1`, { field: expect.stringContaining('status') }],
  ['a column of lists: owner', `UPDATE complaint SET owner = 'bob' WHERE id = $1`, { field: expect.stringContaining('owner') }],
  ['a column of lists: due date', `UPDATE complaint SET due_at = '2020-01-01' WHERE id = $1`, { field: expect.stringMatching(/due/) }],
  ['who filed it', `UPDATE complaint SET filed_by = 'channel-other' WHERE id = $1`, { field: 'column filed_by' }],
  ['whose it is', 'UPDATE complaint SET customer = (SELECT id FROM customer WHERE id <> complaint.customer LIMIT 1) WHERE id = $1', { field: 'column customer' }],
  ['the code that it shows', 'UPDATE complaint SET tracking = (SELECT tracking FROM complaint c WHERE c.customer <> complaint.customer LIMIT 1) WHERE id = $1', { field: 'column tracking' }],
  ['the code that it is tracked by', `UPDATE complaint SET tracking_digest = 'another' WHERE id = $1`, { field: 'column tracking_digest' }],
  ['a column of lists: receipt', `UPDATE complaint SET received_at = '2020-01-01' WHERE id = $1`, { field: expect.stringMatching(/received/) }],
];

describe('what was altered by hand shows as a difference', () => {
  it.each(['closed', 'living'] as const)('and nothing shows of what was not: %s', async (which) => {
    expect(await differencesOf(paths[which])).toEqual([]);
  });

  const shows = async (path: string, statement: string, difference: unknown) => {
    const found = await altered(idOf(path), () => sql.query(statement, [idOf(path)]), () => differencesOf(path));
    expect(found).toEqual(expect.arrayContaining([expect.objectContaining(difference)]));
  };

  it.each(hands)('in a closed case: %s', (_what, statement, difference) => shows(paths.closed, statement, difference));
  it.each(hands.filter(([what]) => ['an instant', 'a due date', 'a state', 'an event removed from the midst'].includes(what)))(
    'in a living case: %s', (_what, statement, difference) => shows(paths.living, statement, difference));

  it('also where whoever did it made all hashes anew and the row to fit', async () => {
    const path = paths.closed;
    const id = idOf(path);
    const found = await altered(id, async () => {
      await sql.query(`UPDATE event SET "by" = 'bob' WHERE complaint = $1 AND seq = 2`, [id]);
      let hash: string | null = null;
      for (const event of await eventsUpTo(site.parts.database, 'complaint', id)) {
        hash = chainHash(hash, id, event);
        await sql.query('UPDATE event SET hash = $3 WHERE complaint = $1 AND seq = $2', [id, event.seq, hash]);
      }
      await sql.query('UPDATE complaint SET hash = $2 WHERE id = $1', [id, hash]);
    }, () => differencesOf(path));
    expect(found.map(({ seq, field }) => [seq, field])).toEqual([[2, 'by']]);
  });

  it('also in a tail cut off with the row put back to fit', async () => {
    const path = paths.closed;
    const id = idOf(path);
    const found = await altered(id, async () => {
      await sql.query('DELETE FROM event WHERE complaint = $1 AND seq = (SELECT max(seq) FROM event WHERE complaint = $1)', [id]);
      await sql.query('UPDATE complaint SET (head, hash) = (SELECT seq, hash FROM event WHERE complaint = $1 ORDER BY seq DESC LIMIT 1) WHERE id = $1', [id]);
    }, () => differencesOf(path));
    expect(found).toEqual(expect.arrayContaining([expect.objectContaining({ field: 'event', recorded: null })]));
  });

  it.each([
    ['an event', `UPDATE investigation_event SET "by" = 'ann' WHERE investigation = $1 AND seq = 2`, { seq: 2, field: 'by' }],
    ['a tail', 'DELETE FROM investigation_event WHERE investigation = $1 AND seq = 2', { seq: 2, field: 'event' }],
    ['its state', `UPDATE investigation SET state = jsonb_set(state, '{complaints}', '[]') WHERE id = $1`, { field: expect.stringContaining('state.complaints') }],
    ['who opened it', `UPDATE investigation SET opened_by = 'bob' WHERE id = $1`, { field: 'column opened_by' }],
    ['its status', `UPDATE investigation SET status = 'concluded' WHERE id = $1`, { field: expect.stringContaining('status') }],
  ])('in an investigation: %s', async (_what, statement, difference) => {
    const finding = await altered(investigation, () => sql.query(statement, [investigation]), () => site.parts.audit.replay('investigation', investigation));
    expect(finding?.differences).toEqual(expect.arrayContaining([expect.objectContaining(difference)]));
  });

  it('in what its tracking code is sealed in', async () => {
    const { rows: [words] } = await sql.query<{ ref: string; sealed: Buffer }>('SELECT w.ref, w.sealed FROM complaint c JOIN words w ON w.ref = c.tracking WHERE c.id = $1', [idOf(paths.closed)]);
    const reseal = (sealed: Buffer | undefined) => sql.query('UPDATE words SET sealed = $2 WHERE ref = $1', [words?.ref, sealed]);
    await reseal(Buffer.from(words!.sealed).reverse());
    expect(await differencesOf(paths.closed)).toEqual([expect.objectContaining({ field: 'column tracking_digest' })]);
    await reseal(words?.sealed);
  });

  it('and all is as it was', async () => {
    for (const path of Object.values(paths)) expect(await differencesOf(path)).toEqual([]);
  });
});
