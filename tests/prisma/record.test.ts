import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fold } from '../../domain/complaint/evolve.js';
import { chainHash } from '../../prisma/chain.js';
import { complaintById } from '../../prisma/complaints.js';
import { BadCursor } from '../../prisma/cursor.js';
import { deliveriesOf } from '../../prisma/deliveries.js';
import { chainOf, eventPage, eventsUpTo } from '../../prisma/events.js';
import { historiesWanted, storedHistory, storeHistory } from '../../prisma/histories.js';
import { intentById, startOf, takeIntent } from '../../prisma/intents.js';
import { investigationById } from '../../prisma/investigations.js';
import { record, RecordConflict, RecordGap, RecordMissing } from '../../prisma/record.js';
import { ann, answerOf, asked, filed, LEASE, place, planned, sue, writes, type Place } from './given.js';

let here: Place;
beforeAll(async () => {
  here = await place();
});
afterAll(() => here.database.close());

/** A case that was filed by a channel, accepted and answered, and is recorded up to the filing. */
async function answered() {
  const { row } = await filed(here);
  const accepted = answerOf(row.state, ann, 'accept', { note: null });
  const state = fold(row.id, accepted, row.state) ?? row.state;
  const answers = answerOf(state, ann, 'answer', { message: randomUUID(), parts: null });
  return { id: row.id, filed: row, accepted, answers, all: [...accepted, ...answers] };
}

describe('the record of a case (spec: evidence, chain; design: one command, three steps)', () => {
  it('keeps what was decided at intake, as the fold of its events', async () => {
    const { row } = await filed(here, { actor: ann });
    const stored = await complaintById(here.database, row.id);
    expect(stored).toEqual(row);
    expect(fold(row.id, await eventsUpTo(here.database, 'complaint', row.id))).toEqual(row.state);
  });

  it('chains each event to the one before, so that anybody can recompute it', async () => {
    const { id, all } = await answered();
    await record(here.database, { subject: 'complaint', id, events: all });
    let previous: string | null = null;
    for (const { event, hash } of await chainOf(here.database, 'complaint', id)) {
      expect(hash).toBe(chainHash(previous, id, event));
      previous = hash;
    }
    expect((await complaintById(here.database, id))?.hash).toBe(previous);
  });

  it('shows an event that was altered by hand', async () => {
    const { id, all } = await answered();
    await record(here.database, { subject: 'complaint', id, events: all });
    await here.database.client.$executeRaw`UPDATE event SET data = jsonb_set(data, '{owner}', '"eve"') WHERE complaint = ${id}::uuid AND type = 'accepted'`;
    const links = await chainOf(here.database, 'complaint', id);
    const broken = links.filter(({ event, hash }, i) => chainHash(links[i - 1]?.hash ?? null, id, event) !== hash);
    expect(broken.map(({ event }) => event.type)).toEqual(['accepted']);
  });

  it('is the same when the same events are recorded again, alone or with new ones', async () => {
    const { id, accepted, all } = await answered();
    const first = await record(here.database, { subject: 'complaint', id, events: accepted });
    expect(await record(here.database, { subject: 'complaint', id, events: accepted })).toEqual({ ...first, raised: [] });
    const both = await record(here.database, { subject: 'complaint', id, events: all });
    expect(both.head).toBe(all.at(-1)?.seq);
    expect(both.state).toEqual(fold(id, await eventsUpTo(here.database, 'complaint', id)));
  });

  it('refuses a gap, and says where the record ends', async () => {
    const { id, filed: row, answers, accepted } = await answered();
    await expect(record(here.database, { subject: 'complaint', id, events: answers })).rejects.toThrow(RecordGap);
    await expect(record(here.database, { subject: 'complaint', id, events: [...accepted, ...answers.map((event) => ({ ...event, seq: event.seq + 1 }))] })).rejects.toThrow(RecordGap);
    expect((await complaintById(here.database, id))?.head).toBe(row.head);
  });

  it('takes an answer without the events of its command for a gap, and does not end its intent', async () => {
    const { id, filed: row } = await answered();
    const intent = asked(id, 'accept');
    await takeIntent(here.database, { intent, words: [], leaseMs: LEASE });
    const answer = { subject: 'complaint' as const, id, events: [], intent: { id: intent.id, version: row.head + 1 } };
    await expect(record(here.database, answer)).rejects.toMatchObject({ name: 'RecordGap', head: row.head, offered: row.head + 1 });
    expect(await intentById(here.database, intent.id)).toMatchObject({ state: 'open' });
  });

  it('never overwrites an event: another one under its number is a conflict', async () => {
    const { id, accepted } = await answered();
    await record(here.database, { subject: 'complaint', id, events: accepted });
    const forged = accepted.map((event) => ({ ...event, by: 'eve' }));
    await expect(record(here.database, { subject: 'complaint', id, events: forged })).rejects.toThrow(RecordConflict);
    expect((await eventsUpTo(here.database, 'complaint', id)).at(-1)?.by).toBe('ann');
  });

  it('knows no case that was not filed', async () => {
    const { accepted } = await answered();
    await expect(record(here.database, { subject: 'complaint', id: randomUUID(), events: accepted })).rejects.toThrow(RecordMissing);
    await expect(record(here.database, { subject: 'complaint', id: 'nonsense', events: accepted })).rejects.toThrow(RecordMissing);
  });

  it('holds each event once when the API, the worker and a sweeper record at the same time', async () => {
    const { id, accepted, all } = await answered();
    const offers = [all, accepted, all, accepted, all, all].map((events) => record(here.database, { subject: 'complaint', id, events }));
    await Promise.all(offers);
    const events = await eventsUpTo(here.database, 'complaint', id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect((await complaintById(here.database, id))?.state).toEqual(fold(id, events));
    const told = (await deliveriesOf(here.database, id)).map(({ seq, kind, recipient }) => `${seq} ${kind} ${recipient}`);
    expect(new Set(told).size).toBe(told.length);
  });

  it('ends the intent with the version that was answered, also when the worker was faster', async () => {
    const { id, accepted } = await answered();
    const intent = asked(id, 'accept');
    await takeIntent(here.database, { intent, words: [], leaseMs: LEASE });
    await record(here.database, { subject: 'complaint', id, events: accepted });
    expect((await intentById(here.database, intent.id))?.state).toBe('open');
    await record(here.database, { subject: 'complaint', id, events: accepted, intent: { id: intent.id, version: 2 } });
    expect(await intentById(here.database, intent.id)).toMatchObject({ state: 'done', version: 2 });
  });

  it('costs two write transactions for a command, and one for an intake', async () => {
    here.statements.length = 0;
    const { id, accepted } = await answered();
    expect(writes(here.statements)).toBe(1);
    here.statements.length = 0;
    const intent = asked(id, 'accept');
    const words = await here.vault.seal((await complaintById(here.database, id))?.customer ?? '', [{ ref: randomUUID(), text: 'hello' }]);
    await takeIntent(here.database, { intent, words, leaseMs: LEASE });
    await record(here.database, { subject: 'complaint', id, events: accepted, intent: { id: intent.id, version: 2 } });
    expect(writes(here.statements)).toBe(2);
    expect(here.statements.length).toBeLessThanOrEqual(4);
  });

  it('pages the timeline without gap or repeat', async () => {
    const { id, all } = await answered();
    await record(here.database, { subject: 'complaint', id, events: all });
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await eventPage(here.database, 'complaint', id, { limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ seq }) => seq));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(seen.map((_, i) => i + 1));
    expect(seen.length).toBe(all.at(-1)?.seq);
    expect((await eventsUpTo(here.database, 'complaint', id, 2)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it.each(['0', '-1', '1.5', '1e3', ' 1', 'x', '99999999999'])('refuses %j as a cursor of the timeline', async (cursor) => {
    await expect(eventPage(here.database, 'complaint', randomUUID(), { limit: 1, cursor })).rejects.toThrow(BadCursor);
  });
});

describe('what follows from an event', () => {
  it('tells the customer at key steps (L1.8), in references only', async () => {
    const { id, filed: row, all } = await answered();
    await record(here.database, { subject: 'complaint', id, events: all });
    const told = (await deliveriesOf(here.database, id)).filter(({ audience }) => audience === 'customer');
    expect(told.map(({ kind }) => kind)).toEqual(['received', 'accepted', 'answered']);
    expect(new Set(told.map(({ recipient }) => recipient))).toEqual(new Set([row.customer]));
    expect(told.at(-1)?.ref).toBe(all.flatMap((event) => (event.type === 'answered' ? [event.data.message] : []))[0]);
  });

  it('sends a linked complaint to its investigation, as an intent that a sweeper can finish', async () => {
    const { row } = await filed(here, { actor: ann });
    const investigation = randomUUID();
    const events = answerOf(row.state, sue, 'investigate', { investigation });
    const { raised } = await record(here.database, { subject: 'complaint', id: row.id, events });
    expect(raised).toMatchObject([{ kind: 'command', subject: 'investigation', subjectId: investigation, name: 'link', state: 'open', sent: { command: { name: 'link', data: { complaint: row.id } } } }]);
    expect(await intentById(here.database, raised[0]?.id ?? '')).toEqual(raised[0]);
    expect((await record(here.database, { subject: 'complaint', id: row.id, events })).raised).toEqual([]);
  });

  it('brings a new investigation into being once its command is accepted', async () => {
    const { row } = await filed(here, { actor: ann });
    const opens = await planned(here);
    const intent = asked(row.id, 'investigate');
    await takeIntent(here.database, { intent, words: [], opens, leaseMs: LEASE });
    expect(await investigationById(here.database, opens.id)).toBeNull();
    const events = answerOf(row.state, sue, 'investigate', { investigation: opens.id }, intent.id);
    here.statements.length = 0;
    const { raised } = await record(here.database, { subject: 'complaint', id: row.id, events, intent: { id: intent.id, version: row.head + 1 } });
    // all of it or nothing, though it takes two statements
    expect(writes(here.statements)).toBe(1);
    expect(raised.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['start start', 'command link']);
    const opened = await investigationById(here.database, opens.id);
    expect(opened).toMatchObject({ head: 1, openedBy: 'quinn', state: { status: 'open' } });
    expect((await here.vault.read([opened?.state.title])).get(opened?.state.title ?? '')).toBe('why parcels break');
    expect((await startOf(here.database, opens.id))?.id).toBe(raised[0]?.id);
  });

  it('wants the history of a case that has closed, until it is stored', async () => {
    const { row } = await filed(here, { actor: ann });
    const at = row.state.lastAt;
    await record(here.database, {
      subject: 'complaint', id: row.id,
      events: [{ seq: row.head + 1, at, by: 'system', role: 'system', command: null, type: 'closed', data: { clocks: [] } }],
    });
    expect(await historiesWanted(here.database, 100)).toContainEqual({ subject: 'complaint', id: row.id });
    const json = JSON.stringify({ events: [{ eventId: '1' }] });
    await storeHistory(here.database, { subject: 'complaint', id: row.id, json, events: 1 });
    expect(await historiesWanted(here.database, 100)).not.toContainEqual({ subject: 'complaint', id: row.id });
    expect(await storedHistory(here.database, 'complaint', row.id)).toBe(json);
  });
});
