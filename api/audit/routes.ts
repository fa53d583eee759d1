import { hearingOf, untold } from '../access/words.js';
import { finder } from '../complaints/find.js';
import { Paging } from '../complaints/query.js';
import type { Deps } from '../deps.js';
import { declare, plain } from '../http/declare.js';
import { languageOf } from '../http/language.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';
import { asLine, wordsIn } from './eventWords.js';
import { sentence } from './phrases.js';

const Params = z.object({ id: z.uuid() });
const Item = z.strictObject({
  seq: z.int(), at: z.iso.datetime({ precision: 3 }), by: z.string(), role: z.string(), type: z.string(),
  data: z.record(z.string(), z.unknown()).describe('as recorded: codes, instants, clock readings, and references to words'),
  text: z.string().describe('in words, by Accept-Language (en, zh)'),
});
const Timeline = z.strictObject({ items: z.array(Item), next: z.string().nullable() });
const History = z.looseObject({ events: z.array(z.unknown()) });
const Replay = z.strictObject({
  deterministic: z.boolean(), events: z.int(),
  differences: z.array(z.strictObject({ seq: z.int().optional(), field: z.string(), recorded: z.unknown(), replayed: z.unknown() })),
});

/** What an auditor can prove of a case (spec: evidence). */
export function auditRoutes(deps: Deps): Route[] {
  const { records, vault, audit } = deps;
  const find = finder(deps);

  const timeline = declare({
    ...plain, method: 'get', path: '/v1/complaints/{id}/timeline', tag: 'audit', access: 'everybody', summary: 'What happened, in words and as data', localized: true,
    params: Params, query: z.strictObject(Paging), find,
    answers: { 200: { description: 'Events from the first on', schema: Timeline } },
    act: async ({ caller, subject, query: { limit, cursor }, request }) => {
      const page = await records.events(subject.state.id, { limit, ...(cursor ? { cursor } : {}) });
      const hearing = hearingOf(caller, subject.filedBy);
      const events = page.items.map((event) => ({ event, said: wordsIn(event, hearing, subject.state) }));
      const words = await vault.read(events.flatMap(({ said }) => said.map(({ ref }) => ref)));
      const items = events.map(({ event, said }) => {
        const { seq, at, by, role, type, data } = event;
        const lines = said.map((one) => asLine(one, words.get(one.ref) ?? null)).filter((line) => line !== null);
        const seen = hearing.hears === 'filed' && 'special' in data ? { ...data, special: untold(data.special) } : data;
        return { seq, at, by, role, type, data: seen, text: sentence(event, languageOf(request), lines) };
      });
      return { status: 200, body: { items, next: page.next } };
    },
  });

  const history = declare({
    ...plain, method: 'get', path: '/v1/complaints/{id}/history', tag: 'audit', access: ['auditor', 'admin'], summary: "The case's Temporal history as JSON",
    params: Params, find, problems: [503],
    answers: { 200: { description: "Temporal's own JSON form, oldest event first", schema: History } },
    act: async ({ subject }) => {
      const found = await audit.history('complaint', subject.state.id);
      if (!found) throw Problem.of('not-found', 'This case has no history yet: its workflow has not been started.');
      return { status: 200, body: found };
    },
  });

  const replay = declare({
    ...plain, method: 'post', path: '/v1/complaints/{id}/replay', tag: 'audit', access: ['auditor', 'admin'], summary: 'Replay the history and compare it with the record',
    params: Params, find,
    answers: { 200: { description: 'Whether it is deterministic, and each difference', schema: Replay } },
    act: async ({ subject }) => {
      const result = await audit.replay('complaint', subject.state.id);
      if (!result) throw Problem.of('not-found', 'This case has no history yet: its workflow has not been started.');
      return { status: 200, body: result };
    },
  });

  return [timeline, history, replay];
}
