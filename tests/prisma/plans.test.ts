import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintById } from '../../prisma/complaints.js';
import { finishIntent, takeIntent } from '../../prisma/intents.js';
import { record } from '../../prisma/record.js';
import { ann, answerOf, asked, filed, LEASE, type Place } from './given.js';
import { countedPlace, readsOf } from './reads.js';

const MANY = 1_000;
/** Oftener than it takes for a prepared statement to get one plan for all values. */
const TIMES = 8;

/**
 * What a command waits for finds its rows by their keys. A prepared statement keeps the plan that was right when it was made: when
 * nothing was open, say, so that the index of open intents had nothing in it, and a thousand come to be open afterwards.
 */
describe(`with ${String(MANY)} cases, and as many open intents that came later`, () => {
  let here: Place;
  beforeAll(async () => {
    here = await countedPlace();
    const { execute } = here.database;
    const { row } = await filed(here);
    await execute`
      INSERT INTO complaint SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'tracking_digest', 'd' || n))).*
      FROM complaint c, generate_series(1, ${MANY}::int) n WHERE c.id = ${row.id}::uuid`;
    await execute`
      WITH keyed AS (
        INSERT INTO vault_key (owner, wrapped, created_at) SELECT gen_random_uuid(), '\\x00', now() FROM generate_series(1, ${MANY}::int) RETURNING owner),
      said AS (INSERT INTO words (ref, owner, sealed) SELECT gen_random_uuid(), owner, '\\x00' FROM keyed RETURNING ref, owner)
      INSERT INTO customer (id, identity, revision, created_at) SELECT owner, ref, 1, now() FROM said`;
    await open('done');
    await execute`ANALYZE`;
    for (let time = 0; time < TIMES; time += 1) await command();
    await open('open');
  });
  afterAll(() => here.database.close());

  async function open(state: 'open' | 'done'): Promise<void> {
    await here.database.execute`
      INSERT INTO intent (id, kind, subject, subject_id, name, caller, sent, state, lease_until, attempts, created_at)
      SELECT ${state} || n, 'command', 'complaint', gen_random_uuid(), 'note', 'ann', '{}', ${state}, now(), 1, now() FROM generate_series(1, ${MANY}::int) n`;
  }

  /** A command and a signal, from their intents to their ends. */
  async function command(): Promise<void> {
    const { database, vault } = here;
    const { row } = await filed(here);
    const seen = await complaintById(database, row.id);
    const note = asked(row.id, 'note');
    const signal = asked(row.id, 'escalate', { kind: 'signal' });
    for (const intent of [note, signal]) await takeIntent(database, { intent, words: [], leaseMs: LEASE });
    const events = answerOf(row.state, ann, 'note', { text: row.identity }, note.id);
    await record(database, { subject: 'complaint', id: row.id, events, intent: { id: note.id, version: row.head + events.length }, from: seen ?? undefined });
    await finishIntent(database, signal.id);
    expect((await vault.read([row.identity, row.tracking])).size).toBe(2);
  }

  it.each(['complaint', 'intent', 'words', 'vault_key', 'customer'])('a command reads its own rows of %s, and no others', async (table) => {
    const { scans, entries } = await readsOf(here.database, table, command);
    expect({ scans, few: entries < 50, entries }).toEqual({ scans: 0, few: true, entries });
  });
});
