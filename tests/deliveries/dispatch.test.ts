import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDelivery, deliveriesOf } from '../../prisma/deliveries.js';
import { publishCalendar } from '../../prisma/calendars.js';
import { record } from '../../prisma/record.js';
import { publishRoster } from '../../prisma/rosters.js';
import { publishable } from '../../calendars/publish.js';
import { WrittenCalendar } from '../../domain/calendar/schema.js';
import { Roster } from '../../domain/roster/schema.js';
import type { Errand } from '../harness/courier.js';
import { until } from '../harness/until.js';
import { ann, answerOf, filed, place, type Place } from '../prisma/given.js';
import { notice, openOffice, secret, reached, settled, startGateway, startPost, textOf, type Gateway, type Office, type Post } from './given.js';

let here: Place;
let gateway: Gateway;
let post: Post;
const offices: Office[] = [];
const open = (...args: Parameters<typeof openOffice>): Office => {
  const office = openOffice(...args);
  offices.push(office);
  return office;
};

beforeEach(async () => {
  [here, gateway, post] = await Promise.all([place(), startGateway(), startPost()]);
});
afterEach(async () => {
  await Promise.all(offices.splice(0).map((one) => one.stop()));
  await Promise.all([gateway.close(), post.close()]);
  await here.database.close();
});

/** A case whose customer has left an address, with what happens to it until it is answered. */
async function answered(email = 'mei@example.org') {
  const { row } = await filed(here, { actor: ann, given: { name: 'Mei', email } });
  const [message, parts] = [randomUUID(), randomUUID()];
  const words = await here.vault.seal(row.customer, [
    { ref: message, text: 'A new parcel is on its way. 新的包裹已发出。' }, { ref: parts, text: JSON.stringify({ apology: 'We are sorry.' }) },
  ]);
  for (const { ref, owner, sealed } of words) await here.database.execute`INSERT INTO words (ref, owner, sealed) VALUES (${ref}::uuid, ${owner}::uuid, ${sealed}::bytea)`;
  await record(here.database, { subject: 'complaint', id: row.id, events: answerOf(row.state, ann, 'answer', { message, parts }) });
  return row;
}

describe('customers who have left an address get mail (L1.8)', () => {
  it('in Chinese and English, with what they are told, in the order of events', async () => {
    const { id } = await answered();
    const office = open(here, { post });
    const rows = await until(() => settled(here, id), 'every mail');
    expect(rows.map(({ kind, state, transport }) => [kind, state, transport])).toEqual([['received', 'sent', 'mail'], ['accepted', 'sent', 'mail'], ['answered', 'sent', 'mail']]);
    expect(post.mails.map(({ to }) => to)).toEqual(['mei@example.org', 'mei@example.org', 'mei@example.org']);
    const texts = post.mails.map(({ source }) => textOf(source));
    expect(texts.map((text) => text.split(/\r?\n/)[0])).toEqual(['我们已收到您的投诉。', '已有专人负责您的投诉，并将全程跟进。', '我们已回复您。']);
    expect(texts[2]).toContain('We have answered you.');
    expect(texts[2]).toContain('A new parcel is on its way. 新的包裹已发出。');
    expect(texts[2]).toContain('We are sorry.');
    expect(texts[2]).toMatch(/https:\/\/care\.example\.com\/v1\/track\/[\w-]{32}/);
    expect(post.mails.map(({ source }) => /^Message-ID: <(.+)@example\.com>/im.exec(source)?.[1])).toEqual(rows.map(({ id: one }) => one));
    for (const { source } of post.mails) expect(source).toMatch(/^Subject: (?!.*parcel)/im);
    expect(office.outcomes).toEqual([['mail', 'sent'], ['mail', 'sent'], ['mail', 'sent']]);
  });

  it('and nothing more once they are erased', async () => {
    const { id, customer } = await answered();
    await here.vault.destroyKey(customer);
    open(here, { post, gateway });
    const rows = await until(() => settled(here, id), 'the end of it');
    expect(rows.map(({ state, failure }) => [state, failure])).toEqual([['failed', 'customer-erased'], ['failed', 'customer-erased'], ['failed', 'customer-erased']]);
    expect([post.mails, gateway.notices]).toEqual([[], []]);
  });

  it('which says so where words are gone', async () => {
    const { id } = await answered();
    await here.database.execute`DELETE FROM words w USING delivery d WHERE d.ref = w.ref`;
    open(here, { post });
    await until(() => settled(here, id), 'every mail');
    const text = textOf(post.mails.at(-1)?.source ?? '');
    expect(text).toContain('（相关内容已不再保留。）');
    expect(text).toContain('(The text is no longer kept.)');
  });

  it('an address that the server refuses for good is given up by name; one it cannot take now is tried again', async () => {
    const [never, later] = [await answered('gone@example.org'), await answered('full@example.org')];
    let asked = 0;
    post.says = (address) => Promise.resolve(address.startsWith('gone') ? Object.assign(new Error('unknown'), { responseCode: 550 })
      : address.startsWith('full') && (asked += 1) < 3 ? Object.assign(new Error('full'), { responseCode: 452 }) : null);
    open(here, { post });
    const rows = await until(() => settled(here, never.id), 'the end of it');
    expect(rows.map(({ failure }) => failure)).toEqual(['refused-550', 'refused-550', 'refused-550']);
    expect((await until(() => settled(here, later.id), 'the mails')).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    expect(asked).toBe(5);
  });
});

describe('everything else goes to the gateway (Standard Webhooks)', () => {
  it('signed, in references only: staff, and customers without an address', async () => {
    const { row: { id, customer } } = await filed(here, { actor: ann, text: 'secret words', given: { phone: '+49 30 1234567' } });
    await notice(here, id, 3);
    open(here, { gateway, post });
    const rows = await until(() => settled(here, id), 'every notice');
    expect(gateway.notices.map((one) => one.id).sort()).toEqual(rows.map((one) => one.id).sort());
    expect(gateway.notices.map(({ data }) => [data.id, data.seq, data.kind, data.recipient]).sort()).toEqual([
      [id, 1, 'received', customer], [id, 2, 'accepted', customer], [id, 3, 'clock_warned', 'ann'],
    ]);
    expect(gateway.notices.map(({ body }) => body).join()).not.toContain('secret');
    expect(post.mails).toEqual([]);
  });

  it('what it refuses for good is given up by name, what fails is tried again under the same id', async () => {
    const { row: { id } } = await filed(here);
    await notice(here, id, 7, 'gone');
    await notice(here, id, 8, 'ann');
    const answers = [503, 404, 204];
    gateway.answers = ({ data }) => (data.recipient === 'gone' ? 410 : data.recipient === 'ann' ? (answers.shift() ?? 500) : 204);
    const { outcomes } = open(here, { gateway });
    const rows = await until(() => settled(here, id), 'every notice');
    expect(rows.map(({ recipient, state, failure, attempts }) => [recipient === 'gone' || recipient === 'ann' ? recipient : 'customer', state, failure, attempts])).toEqual([
      ['customer', 'sent', null, 1], ['gone', 'failed', 'refused-410', 1], ['ann', 'sent', null, 3],
    ]);
    const ids = gateway.notices.filter(({ data }) => data.recipient === 'ann').map((one) => one.id);
    expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
    expect(outcomes.filter(([, outcome]) => outcome === 'retried')).toHaveLength(2);
  });

  it('one that hangs holds up no mail; when it answers again, everything comes', async () => {
    const filedCases = await Promise.all(Array.from({ length: 12 }, () => filed(here, { given: { phone: `+49 30 ${String(Math.random()).slice(2, 12)}` } })));
    gateway.answers = () => null;
    open(here, { gateway, post });
    await until(() => Promise.resolve(gateway.notices.length >= 8), 'the first notices');
    const { id } = await answered();
    await until(async () => (await deliveriesOf(here.database, id)).every(({ state }) => state === 'sent'), 'the mail', 8_000);
    gateway.answers = () => 204;
    for (const { row } of filedCases) expect((await until(() => settled(here, row.id), 'a notice', 30_000)).map(({ state }) => state)).toEqual(['sent']);
  });
});

describe('a customer whom nothing reaches', () => {
  it('is waited for, three days long, and then given up by name; nobody is alarmed meanwhile', async () => {
    const { row } = await filed(here, { actor: ann, given: { phone: '+86 139 1234 5678' } });
    const office = open(here, { post });
    const waits = async () => (await deliveriesOf(here.database, row.id)).filter(({ audience }) => audience === 'customer');
    await until(async () => (await waits()).some(({ failure }) => failure === 'no-way'), 'the look for a way');
    expect((await waits()).map(({ state, attempts }) => [state, attempts])).toEqual([['pending', 0], ['pending', 0]]);
    await here.database.execute`UPDATE delivery SET created_at = created_at - interval '3 days 1 minute', due_at = now() WHERE complaint = ${row.id}::uuid`;
    await until(async () => (await waits()).every(({ state }) => state === 'failed'), 'the end of it');
    expect((await waits()).map(({ failure }) => failure)).toEqual(['no-way', 'no-way']);
    expect(office.outcomes).toEqual([['none', 'failed'], ['none', 'failed']]);
  });
});

it('an address that a channel gave for somebody whose number it knew gets no mail before staff say that it is theirs', async () => {
  const phone = `+49 30 ${String(Math.random()).slice(2, 12)}`;
  const { row } = await filed(here, { actor: ann, given: { phone } });
  await filed(here, { given: { phone, email: 'evil@example.org' } });
  open(here, { post });
  await until(async () => (await deliveriesOf(here.database, row.id)).some(({ failure }) => failure === 'no-way'), 'the look for a way');
  expect(post.mails).toEqual([]);
  await filed(here, { actor: ann, given: { phone, email: 'evil@example.org' } });
  await here.database.execute`UPDATE delivery SET due_at = now()`;
  await until(() => settled(here, row.id), 'the mail');
  expect(new Set(post.mails.map(({ to }) => to))).toEqual(new Set(['evil@example.org']));
});

describe('each at least once, and as a rule once', () => {
  it('by two dispatchers at the same time', async () => {
    const { row: { id } } = await filed(here);
    for (let n = 0; n < 60; n += 1) await notice(here, id, 10, `somebody-${String(n)}`);
    const second = await place(here.url, here.masterKey);
    open(here, { gateway });
    open(second, { gateway });
    await until(() => settled(here, id), 'every notice');
    expect(gateway.notices).toHaveLength(61);
    expect(new Set(gateway.notices.map((one) => one.id)).size).toBe(61);
    await Promise.all(offices.splice(0).map((one) => one.stop()));
    await second.database.close();
  });

  it('again under the same id, when who sent it was killed before it knew', async () => {
    const { row: { id } } = await filed(here);
    gateway.answers = () => null;
    const errand: Errand = { databaseUrl: here.url, masterKey: here.masterKey.toString('base64'), notices: { url: gateway.url, secret }, leaseMs: 3_000 };
    const child = spawn(process.execPath, ['--import', 'tsx', resolve('tests/harness/courier.ts')], { env: { ...process.env, ERRAND: JSON.stringify(errand) }, stdio: 'inherit' });
    await until(() => Promise.resolve(gateway.notices.length === 1), 'the first attempt', 40_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    gateway.answers = () => 204;
    open(here, { gateway });
    const [row] = await until(() => settled(here, id), 'the second attempt', 20_000);
    expect(row).toMatchObject({ state: 'sent', attempts: 2 });
    expect(gateway.notices.map((one) => one.id)).toEqual([row?.id, row?.id]);
  });

  it('in the order of events to one recipient, though the first has to be tried again; others go ahead', async () => {
    const { row: { id } } = await filed(here);
    for (const seq of [11, 12, 13]) await notice(here, id, seq);
    await notice(here, id, 12, 'bob');
    const answers = [500, 503];
    gateway.answers = ({ data }) => (data.recipient === 'ann' ? (answers.shift() ?? 204) : 204);
    open(here, { gateway });
    await until(() => settled(here, id), 'every notice');
    const seqs = (who: string) => gateway.notices.filter(({ data }) => data.recipient === who).map(({ data }) => data.seq);
    expect([seqs('ann'), seqs('bob')]).toEqual([[11, 11, 11, 12, 13], [12]]);
  });

  it('but of questions that come late together only the last, and none that is answered', async () => {
    const ask = (complaint: string, recipient: string, seq: number) =>
      addDelivery(here.database, { subject: 'complaint', complaint, seq, kind: 'follow_up_attempted', audience: 'customer', recipient, ref: null });
    const { row: { id, customer } } = await filed(here);
    await happened(id, ['follow_up_attempted', 'follow_up_attempted', 'follow_up_attempted']);
    for (const seq of [2, 3, 4]) await ask(id, customer, seq);
    const { row: { id: answered, customer: somebody } } = await filed(here);
    // on the tracking page: nobody is told, so nothing stands in the outbox
    await happened(answered, ['follow_up_attempted', 'followed_up']);
    await ask(answered, somebody, 2);
    open(here, { gateway });
    const states = async (one: string) => (await until(() => settled(here, one), 'the end of it')).filter(({ seq }) => seq > 1).map(({ state }) => state);
    expect([await states(id), await states(answered)]).toEqual([['superseded', 'superseded', 'sent'], ['superseded']]);
  });

  it('and none before its event is recorded, nor before what comes with that', async () => {
    const { row: { id, customer } } = await filed(here);
    await addDelivery(here.database, { subject: 'complaint', complaint: id, seq: 3, kind: 'follow_up_attempted', audience: 'customer', recipient: customer, ref: null });
    open(here, { gateway });
    await until(async () => (await deliveriesOf(here.database, id)).some(({ seq, state }) => seq === 1 && state === 'sent'), 'the first notice');
    await pause(300);
    expect((await deliveriesOf(here.database, id)).find(({ seq }) => seq === 3)).toMatchObject({ state: 'pending', attempts: 0 });
    await addDelivery(here.database, { subject: 'complaint', complaint: id, seq: 2, kind: 'resolved', audience: 'customer', recipient: customer, ref: null });
    await happened(id, ['resolved', 'follow_up_attempted']);
    await until(() => settled(here, id), 'the rest');
    expect(gateway.notices.map(({ data }) => data.seq)).toEqual([1, 2, 3]);
  });

  /** These events come after the first, as the record has them. */
  async function happened(id: string, types: string[]): Promise<void> {
    for (const [n, type] of types.entries()) {
      await here.database.execute`INSERT INTO event SELECT e.* FROM event o, jsonb_populate_record(o, jsonb_build_object('seq', ${n + 2}::int, 'type', ${type}::text)) e WHERE o.complaint = ${id}::uuid AND o.seq = 1`;
    }
    await reached(here.database, id, types.length + 1);
  }
});

describe('a notice to a rung goes to who stands at it, at an hour they may be called (L1.14)', () => {
  /** A calendar that is open on one day only, so many days from now. */
  async function openIn(name: string, days: number): Promise<void> {
    const now = new Date().toISOString();
    const date = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const found = publishable(WrittenCalendar.parse({ name, zone: 'UTC', week: {}, workdays: { [date]: [['00:00', '24:00']] } }), now);
    if ('fault' in found) throw new Error(found.fault.message);
    await publishCalendar(here.database, found.calendar, 'ada', null);
  }
  const publish = (name: string, shifts: object[]) => publishRoster(here.database, Roster.parse({ name, shifts }), 'ada', null);
  async function raised(recipient = 'rung:2') {
    const { row } = await filed(here, { actor: ann });
    await addDelivery(here.database, { subject: 'complaint', complaint: row.id, seq: 9, kind: 'escalated', audience: 'staff', recipient, ref: null });
    await reached(here.database, row.id, 9);
    return row.id;
  }
  const toRungs = (): Record<string, unknown>[] => gateway.notices.map(({ data }) => data as Record<string, unknown>).filter(({ kind }) => kind === 'escalated');

  it('now, by name, and for the deputies to them', async () => {
    await publish('customer_service', [{ rung: 2, people: ['sam', 'len'], deputies: ['dee'] }]);
    const id = await raised();
    await addDelivery(here.database, { subject: 'complaint', complaint: id, seq: 9, kind: 'escalated', audience: 'staff', recipient: 'rung:2:deputy', ref: null });
    await reached(here.database, id, 9);
    open(here, { gateway });
    await until(() => Promise.resolve(toRungs().length === 2), 'both notices');
    expect(toRungs().map(({ recipient, people }) => [recipient, people]).sort()).toEqual([['rung:2', ['sam', 'len']], ['rung:2:deputy', ['dee']]]);
  });

  it('not before its hours, and as soon as a later roster says so', async () => {
    await openIn('in-two-days', 2);
    await publish('customer_service', [{ rung: 2, calendar: 'in-two-days', people: ['sam'] }]);
    const id = await raised();
    open(here, { gateway });
    const waiting = async () => (await deliveriesOf(here.database, id)).find(({ kind }) => kind === 'escalated');
    await until(async () => (await waiting())?.failure === 'off-hours', 'the wait');
    expect(await waiting()).toMatchObject({ state: 'pending', attempts: 0 });
    expect(toRungs()).toEqual([]);
    await publish('customer_service', [{ rung: 2, people: ['len'] }]);
    // a roster is looked at again within minutes; not to wait for them
    await here.database.execute`UPDATE delivery SET due_at = now() WHERE complaint = ${id}::uuid`;
    await until(() => Promise.resolve(toRungs().length === 1), 'the notice');
    expect(toRungs()).toMatchObject([{ people: ['len'] }]);
  });

  it('of the company where the department has nobody, and to the gateway alone where no roster says who', async () => {
    const first = await raised();
    open(here, { gateway });
    await until(() => Promise.resolve(toRungs().length === 1), 'the notice');
    expect(toRungs()[0]).not.toHaveProperty('people');
    await publish('company', [{ rung: 2, people: ['boss'] }]);
    const second = await raised();
    await until(() => Promise.resolve(toRungs().length === 2), 'the other');
    expect(toRungs()[1]).toMatchObject({ id: second, people: ['boss'] });
    expect(toRungs()[0]).toMatchObject({ id: first });
  });
});
