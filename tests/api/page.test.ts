import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { readerOf } from '../../api/access/visibility.js';
import { pages } from '../../api/complaints/page.js';
import { presenter } from '../../api/complaints/show.js';
import type { Caller } from '../../api/http/caller.js';
import { openRecords } from '../../api/records/open.js';
import type { Records } from '../../api/records/records.js';
import type { CommandName, ComplaintCommands } from '../../domain/complaint/command.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { Actor } from '../../domain/event.js';
import { instant, plus, type Instant } from '../../domain/time.js';
import { takeIntent } from '../../prisma/intents.js';
import type { Reader } from '../../prisma/reader.js';
import { record } from '../../prisma/record.js';
import { ann, answerOf, asked, filed, LEASE, place, sue, type FileOptions, type Place } from '../prisma/given.js';

const HOUR = 3_600_000;
const Answer = z.object({ items: z.array(z.looseObject({ id: z.string() })), next: z.string().nullable() });

const caller = (roles: Caller['roles'], department: string | null = null, sub = 'somebody'): Caller => ({ sub, roles, department, rung: null });
const [agent, logistics, production] = [caller(['agent']), caller(['department'], 'logistics'), caller(['department'], 'production')];
const callers: Record<string, Caller> = {
  'an agent': agent, 'an auditor': caller(['auditor']), 'an administrator': caller(['admin']), 'a channel': caller(['channel'], null, 'web'),
  'a department that was asked': logistics, 'another department': production,
};

let here: Place;
let records: Records;
/** what happens to the record between the list and what is read of its cases, and between that and their words */
const nothing = (): Promise<unknown> => Promise.resolve();
let meanwhile = { before: nothing, after: nothing };
let now: Instant;
let page: ReturnType<typeof pages>;
let show: ReturnType<typeof presenter>;

beforeAll(async () => {
  here = await place();
  records = openRecords(here.database, here.vault);
  now = instant(Date.now());
  page = pages(deps());
  show = presenter({ ...deps(), records });
  await caseOf({}, []);
  await caseOf({ text: 'they say {"consumedSeconds":null} and \\"consumedSeconds":null, in Chinese 投诉 too' }, []);
  await caseOf({ actor: ann, given: { key: 'CRM-1', name: 'Mei' } }, [dispatchTo('logistics'), dispatchTo('production')]);
  const answered: Step = [ann, 'answer', (message) => ({ message, parts: null })];
  await caseOf({ actor: ann }, [answered, [ann, 'pause', (note) => ({ reason: 'customer_information', note })]]);
  await caseOf({ actor: ann }, [answered, [ann, 'resolve', (solution) => ({ solution, message: null, agreed: true, cost: null, reason: null })]]);
  const { id } = await caseOf({ actor: ann }, []);
  // whoever lists it must know the hours of its calendar
  await here.database.execute`UPDATE complaint SET state = jsonb_set(state, '{clocks,0,calendar}', '"office/1"') WHERE id = ${id}::uuid`;
});
afterAll(() => here.database.close());

/** What pages are made of, over a record that may move under them. */
function deps() {
  const complaintsOf: Records['complaintsOf'] = async (ids) => {
    await meanwhile.before();
    const rows = await records.complaintsOf(ids);
    await meanwhile.after();
    return rows;
  };
  return { vault: here.vault, clock: () => now, records: { ...records, complaintsOf } };
}

type Step = { [Name in CommandName]: [Actor, Name, (ref: string) => ComplaintCommands[Name]] }[CommandName];

function dispatchTo(department: string): Step {
  return [ann, 'dispatch', (text) => ({ department, text })];
}

/** Files a case and records what these commands, each with words of its own, make of it. */
async function caseOf(options: FileOptions, steps: Step[]): Promise<Complaint> {
  let { state } = (await filed(here, options)).row;
  for (const [actor, name, data] of steps) {
    const ref = randomUUID();
    const words = await here.vault.seal(state.customer, [{ ref, text: `${name} ${ref}` }]);
    await takeIntent(here.database, { intent: asked(state.id, name), words, leaseMs: LEASE });
    state = await commanded(state, actor, name, data(ref));
  }
  return state;
}

async function commanded<Name extends CommandName>(state: Complaint, actor: Actor, name: Name, data: ComplaintCommands[Name]): Promise<Complaint> {
  return (await record(here.database, { subject: 'complaint', id: state.id, events: answerOf(state, actor, name, data) })).state;
}

/** A page, and the statements that it took. */
async function paged(by: Caller, reader: Reader = readerOf(by) ?? { sees: 'all' }, sees: Reader = reader) {
  here.statements.length = 0;
  const listed = await records.complaints({ reader, limit: 50, now });
  const { items } = Answer.parse(JSON.parse((await page(by, sees, listed)).bytes.toString('utf8')));
  return { items, statements: here.statements.length, one: (id: string) => items.find((item) => item.id === id) };
}

async function toldOf(id: string, by: Caller) {
  const one = (await paged(by)).one(id);
  return { text: one?.['text'], who: one?.['customer'] };
}

/** What a look at each of these cases shows. */
async function shown(by: Caller, ids: readonly string[]) {
  const rows = new Map((await records.complaintsOf(ids)).map((row) => [row.id, row]));
  return show.list(by, ids.flatMap((id) => rows.get(id) ?? []));
}

describe('a page of cases', () => {
  it.each(Object.entries(callers))('shows %s what a look at each case does, read for the first time, again, and later', async (_who, by) => {
    for (const at of [now, now, plus(now, HOUR), plus(now, 400 * 24 * HOUR)]) {
      now = at;
      const { items } = await paged(by);
      expect(items).toEqual(JSON.parse(JSON.stringify(await shown(by, items.map(({ id }) => id)))));
    }
    now = instant(Date.now());
    expect((await paged(agent)).items).toHaveLength(6);
  });

  it('shows each department what it was asked, and not what another was', async () => {
    const read = async (by: Caller) => z.array(z.object({ department: z.string(), request: z.string().nullable() })).parse((await paged(by)).items[0]?.['requests']);
    for (const by of [logistics, production, logistics]) {
      const told = (await read(by)).filter(({ request }) => request !== null).map(({ department }) => department);
      expect(told).toEqual([by.department]);
    }
  });

  it('that is read again takes one statement, and one of which a case has changed reads that one', async () => {
    const state = await caseOf({ actor: ann }, []);
    await paged(agent);
    expect((await paged(agent)).statements).toBe(1);
    await commanded(state, sue, 'note', { text: state.text });
    const changed = await paged(agent);
    expect({ version: changed.one(state.id)?.['version'], statements: changed.statements }).toEqual({ version: state.version + 1, statements: 3 });
    expect((await paged(agent)).statements).toBe(1);
  });

  it('shows a case that moves before or after it is read as it was read, and the next time as it is', async () => {
    let state = await caseOf({ actor: ann }, []);
    const moves = async () => { state = await commanded(state, sue, 'note', { text: state.text }); };
    const version = async () => (await paged(agent)).one(state.id)?.['version'];
    meanwhile = { before: moves, after: nothing };
    expect(await version()).toBe(state.version);
    await moves();
    meanwhile = { before: nothing, after: moves };
    expect(await version()).toBe(state.version - 1);
    meanwhile = { before: nothing, after: nothing };
    expect(await version()).toBe(state.version);
  });

  const gone = { text: null, who: { key: null, name: null } };

  it('knows the customer by the name they have now, and nobody is told the words of one who is erased', async () => {
    const given = { key: 'CRM-2', name: 'Mei' };
    const { id, customer } = await caseOf({ actor: ann, given, text: 'the words' }, []);
    const readers = [agent, caller(['auditor'])];
    for (const by of readers) expect(await toldOf(id, by)).toEqual({ text: 'the words', who: given });
    await caseOf({ actor: ann, given: { ...given, name: 'Mei Li' } }, []);
    for (const by of readers) expect(await toldOf(id, by)).toEqual({ text: 'the words', who: { ...given, name: 'Mei Li' } });
    await here.vault.destroyKey(customer);
    for (const by of readers) expect(await toldOf(id, by)).toEqual(gone);
  });

  it('nor of one who is erased while they are read', async () => {
    const { id, customer } = await caseOf({ actor: ann, text: 'the words' }, []);
    meanwhile = { before: nothing, after: () => here.vault.destroyKey(customer) };
    expect(await toldOf(id, agent)).toEqual(gone);
    meanwhile = { before: nothing, after: nothing };
    expect(await toldOf(id, agent)).toEqual(gone);
  });

  it('remembers nothing for longer than an hour', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    page = pages(deps());
    const statements = async () => (await paged(agent)).statements;
    expect([await statements(), await statements()]).toEqual([3, 1]);
    vi.advanceTimersByTime(HOUR);
    expect(await statements()).toBe(3);
    vi.useRealTimers();
  });

  it('leaves out a case that has gone out of the reader’s sight since it was listed', async () => {
    const sales: Reader = { sees: 'department', department: 'sales' };
    expect((await paged(caller(['department'], 'sales'), { sees: 'all' }, sales)).items).toEqual([]);
  });
});
