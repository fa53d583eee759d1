import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import type { Reader } from '../../prisma/reader.js';
import { record } from '../../prisma/record.js';
import { ann, answerOf, filed, place, sue, type FileOptions, type Place } from '../prisma/given.js';

const HOUR = 3_600_000;
const Answer = z.object({ items: z.array(z.looseObject({ id: z.string() })), next: z.string().nullable() });

const caller = (roles: Caller['roles'], department: string | null = null, sub = 'somebody'): Caller => ({ sub, roles, department, rung: null });
const callers: Record<string, Caller> = {
  'an agent': caller(['agent']), 'an auditor': caller(['auditor']), 'an administrator': caller(['admin']), 'a channel': caller(['channel'], null, 'web'),
  'a department that was asked': caller(['department'], 'logistics'), 'another department': caller(['department'], 'production'),
};
const agent = caller(['agent']);

let here: Place;
let records: Records;
let now: Instant;
let page: ReturnType<typeof pages>;
let show: ReturnType<typeof presenter>;

beforeAll(async () => {
  here = await place();
  now = instant(Date.now());
  const deps = { records: (records = openRecords(here.database, here.vault)), vault: here.vault, clock: () => now };
  page = pages(deps);
  show = presenter(deps);
  await caseOf({}, []);
  await caseOf({ text: 'they say {"consumedSeconds":null} and \\"consumedSeconds":null, in Chinese 投诉 too' }, []);
  await caseOf({ actor: ann, given: { key: 'CRM-1', name: 'Mei' } }, [
    [ann, 'dispatch', (text) => ({ department: 'logistics', text })], [ann, 'dispatch', (text) => ({ department: 'production', text })],
  ]);
  const answered: Step = [ann, 'answer', (message) => ({ message, parts: null })];
  await caseOf({ actor: ann }, [answered, [ann, 'pause', (note) => ({ reason: 'customer_information', note })]]);
  await caseOf({ actor: ann }, [answered, [ann, 'resolve', (solution) => ({ solution, message: null, agreed: true, cost: null, reason: null })]]);
});
afterAll(() => here.database.close());

type Step = { [Name in CommandName]: [Actor, Name, (ref: string) => ComplaintCommands[Name]] }[CommandName];

/** Files a case and records what these commands, with the words of its text, make of it. */
async function caseOf(options: FileOptions, steps: Step[]): Promise<Complaint> {
  let { state } = (await filed(here, options)).row;
  for (const [actor, name, data] of steps) state = await commanded(state, actor, name, data(state.text));
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
  return { items, statements: here.statements.length };
}

/** What a look at each of these cases shows. */
async function shown(by: Caller, ids: readonly string[]) {
  const rows = new Map((await records.complaintsOf(ids)).map((row) => [row.state.id, row]));
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
    expect((await paged(agent)).items).toHaveLength(5);
  });

  it('that is read again takes one statement, and one of which a case has changed reads that one', async () => {
    const state = await caseOf({ actor: ann, text: 'the sixth' }, []);
    await paged(agent);
    expect((await paged(agent)).statements).toBe(1);
    await commanded(state, sue, 'note', { text: state.text });
    const { items, statements } = await paged(agent);
    expect({ version: items.find(({ id }) => id === state.id)?.['version'], statements }).toEqual({ version: state.version + 1, statements: 3 });
    expect((await paged(agent)).statements).toBe(1);
  });

  it('knows the customer by the name they have now, and none once they are erased', async () => {
    const given = { key: 'CRM-2', name: 'Mei' };
    const { id, customer } = await caseOf({ actor: ann, given, text: 'the seventh' }, []);
    const toldOf = async () => {
      const one = (await paged(agent)).items.find((item) => item.id === id);
      return { text: one?.['text'], who: one?.['customer'] };
    };
    expect(await toldOf()).toEqual({ text: 'the seventh', who: given });
    await caseOf({ actor: ann, given: { ...given, name: 'Mei Li' } }, []);
    expect(await toldOf()).toEqual({ text: 'the seventh', who: { ...given, name: 'Mei Li' } });
    await here.vault.destroyKey(customer);
    expect(await toldOf()).toEqual({ text: null, who: { key: null, name: null } });
  });

  it('leaves out a case that has gone out of the reader’s sight since it was listed', async () => {
    const sales: Reader = { sees: 'department', department: 'sales' };
    expect((await paged(caller(['department'], 'sales'), { sees: 'all' }, sales)).items).toEqual([]);
  });
});
