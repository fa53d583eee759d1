import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { InvestigationEvent } from '../../domain/investigation/event.js';
import { complaintById } from '../../prisma/complaints.js';
import { finishIntent, takeIntent } from '../../prisma/intents.js';
import { record } from '../../prisma/record.js';
import { freshDatabase } from '../harness/database.js';
import { ann, answerOf, asked, filed, LEASE, place, planned, sue, type Place } from './given.js';

/** docs/decisions/0007: what nobody would do again is on the disc when it is answered; what an open intent brings back need not be. */
describe('a commit that writes', () => {
  let here: Place;
  beforeAll(async () => {
    const url = new URL(await freshDatabase());
    // the tests' own server waits for nothing
    url.searchParams.set('options', '-c synchronous_commit=on');
    here = await place(url.href);
    await here.database.client.$executeRawUnsafe('CREATE TABLE committed (what text, waits text)');
    await here.database.client.$executeRawUnsafe(`
      CREATE FUNCTION committing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO committed VALUES (TG_TABLE_NAME || ' ' || lower(TG_OP), current_setting('synchronous_commit')); RETURN NULL;
      END $$`);
    for (const table of ['complaint', 'event', 'investigation', 'investigation_event', 'intent', 'words', 'delivery']) {
      await here.database.client.$executeRawUnsafe(
        `CREATE CONSTRAINT TRIGGER committing AFTER INSERT OR UPDATE ON ${table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION committing()`);
    }
  });
  beforeEach(() => here.database.execute`TRUNCATE committed`);
  afterAll(() => here.database.close());

  /** What was committed since, and whether it was waited for; as a deferred trigger sees it, right before the commit. */
  async function committed(): Promise<Record<string, string>> {
    const rows = await here.database.query<{ what: string; waits: string }>`SELECT what, string_agg(DISTINCT waits, ' and ') AS waits FROM committed GROUP BY 1`;
    return Object.fromEntries(rows.map(({ what, waits }) => [what, waits]));
  }

  async function noted() {
    const { row } = await filed(here);
    const seen = await complaintById(here.database, row.id);
    const intent = asked(row.id, 'note');
    await takeIntent(here.database, { intent, words: [], leaseMs: LEASE });
    const events = answerOf(row.state, ann, 'note', { text: row.identity }, intent.id);
    await here.database.execute`TRUNCATE committed`;
    return { subject: 'complaint' as const, id: row.id, events, from: seen ?? undefined, intent: { id: intent.id, version: row.head + 1 } };
  }

  it('waits for an intake and an intent, with their words', async () => {
    const { row } = await filed(here);
    const words = await here.vault.seal(row.customer, [{ ref: randomUUID(), text: 'hello' }]);
    await takeIntent(here.database, { intent: asked(row.id, 'note'), words, leaseMs: LEASE });
    expect(await committed()).toEqual({ 'complaint insert': 'on', 'event insert': 'on', 'intent insert': 'on', 'words insert': 'on', 'delivery insert': 'on' });
  });

  it('does not wait for the outcome of an intent', async () => {
    await record(here.database, await noted());
    expect(await committed()).toEqual({ 'complaint update': 'off', 'event insert': 'off', 'intent update': 'off' });
  });

  it('does not wait for the end of an intent without events', async () => {
    const { intent } = await noted();
    await finishIntent(here.database, intent.id);
    expect(await committed()).toEqual({ 'intent update': 'off' });
  });

  it('waits for what a case did alone, which it will not tell again, also beside the outcomes of others', async () => {
    const [{ intent: _, ...alone }, ...others] = [await noted(), await noted(), await noted()] as const;
    await Promise.all([record(here.database, alone), ...others.map((one) => record(here.database, one))]);
    expect(await committed()).toEqual({ 'complaint update': 'on', 'event insert': 'on', 'intent update': 'on' });
  });

  it('waits for the outcome that closes a case, for the run that would answer again ends with it', async () => {
    const { intent, id, events: [note], from } = await noted();
    const closed = { ...note, type: 'closed', data: { clocks: [] } } as ComplaintEvent;
    await record(here.database, { subject: 'complaint', id, events: [closed], intent, from });
    expect(await committed()).toMatchObject({ 'complaint update': 'on', 'event insert': 'on', 'intent update': 'on' });
  });

  it('waits for events that the answer to the intent does not tell', async () => {
    const { intent, ...outcome } = await noted();
    await record(here.database, { ...outcome, intent: { ...intent, version: intent.version - 1 } });
    expect(await committed()).toMatchObject({ 'event insert': 'on' });
  });

  it('does the same for investigations', async () => {
    const { row } = await filed(here, { actor: ann });
    const opens = await planned(here);
    const intent = asked(row.id, 'investigate');
    await takeIntent(here.database, { intent, words: [], opens, leaseMs: LEASE });
    const linked = answerOf(row.state, sue, 'investigate', { investigation: opens.id }, intent.id);
    await record(here.database, { subject: 'complaint', id: row.id, events: linked, intent: { id: intent.id, version: row.head + 1 } });
    const event = (seq: number): InvestigationEvent => ({
      seq, at: row.state.lastAt, by: 'quinn', role: 'quality', command: null,
      type: 'cause_added', data: { cause: `c${String(seq)}`, category: 'method', text: row.identity, whys: [] },
    });
    await here.database.execute`TRUNCATE committed`;
    await record(here.database, { subject: 'investigation', id: opens.id, events: [event(2)] });
    expect(await committed()).toEqual({ 'investigation update': 'on', 'investigation_event insert': 'on' });
    const link = asked(opens.id, 'link', { subject: 'investigation' });
    await takeIntent(here.database, { intent: link, words: [], leaseMs: LEASE });
    await here.database.execute`TRUNCATE committed`;
    await record(here.database, { subject: 'investigation', id: opens.id, events: [event(3)], intent: { id: link.id, version: 3 } });
    expect(await committed()).toEqual({ 'investigation update': 'off', 'investigation_event insert': 'off', 'intent update': 'off' });
  });

  it('waits for an outcome that brings about intents of its own', async () => {
    const { row } = await filed(here, { actor: ann });
    const intent = asked(row.id, 'investigate');
    await takeIntent(here.database, { intent, words: [], leaseMs: LEASE });
    const events = answerOf(row.state, sue, 'investigate', { investigation: randomUUID() }, intent.id);
    await here.database.execute`TRUNCATE committed`;
    await record(here.database, { subject: 'complaint', id: row.id, events, intent: { id: intent.id, version: row.head + 1 } });
    expect(await committed()).toMatchObject({ 'complaint update': 'on', 'event insert': 'on', 'intent insert': 'on', 'intent update': 'on' });
  });
});
