import { randomUUID } from 'node:crypto';
import { httpCommands, permissions, type HttpCommand } from '../../domain/complaint/roles.js';
import { Bodies } from '../../domain/complaint/schema.js';
import { ComplaintView } from '../complaints/shape.js';
import type { Deps } from '../deps.js';
import { entitledRole, type Caller } from '../http/caller.js';
import { declare, plain } from '../http/declare.js';
import type { Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { notInFuture } from '../problem/future.js';
import { Problem } from '../problem/problem.js';
import type { CaseRow } from '../records/records.js';
import { commander } from './act.js';
import { carry, peopleIn, type Carried } from './carry.js';
import { openRepeat } from './repeat.js';
import { openSatchel } from './satchel.js';

const bodies: { [Name in keyof Bodies]: z.ZodType<Bodies[Name]> } = Bodies;
const Params = z.object({ id: z.uuid() });
const answers = { 200: { description: 'The complaint as it then stands', schema: ComplaintView, headers: ['ETag'] } } as const;
const created = { 201: { description: 'The case was closed: a new one with `repeatOf` and the same owner', schema: ComplaintView, headers: ['ETag', 'Location'] } } as const;

/** A route for each command of a case (spec: case, commands). */
export function commandRoutes(deps: Deps): Route[] {
  const { find, send, answer } = commander(deps);
  const { records, clock } = deps;

  function about(name: HttpCommand) {
    const { path, roles, summary, hands } = permissions[name];
    return {
      ...plain, method: 'post', path: `/v1/complaints/{id}/${path}`, tag: 'commands', summary, access: roles,
      ...(hands ? { entitles: inHand, description: 'Its owner and its assignee may too, whatever their role.' } : {}),
      conditional: true, params: Params, answers, find,
    } as const;
  }

  async function unpack<Name extends Carried>(name: Name, body: Bodies[Name]) {
    const [lists, people] = await Promise.all([records.lists(), records.people(peopleIn(body))]);
    const satchel = openSatchel(lists, people);
    const data = carry[name](body, satchel);
    satchel.settle();
    return { name, data, words: satchel.words };
  }

  // the parameter ties a command's schema to its own carrier
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  function route<Name extends Exclude<Carried, 'hear' | 'retractWithdrawal'>>(name: Name): Route {
    return declare({
      ...about(name), body: bodies[name],
      act: async (call) => answer(call, await send(call, await unpack(name, call.body))),
    });
  }

  const hear = declare({
    ...about('hear'), body: Bodies.hear, answers: { ...answers, ...created },
    act: async (call) => {
      notInFuture(call.body.receivedAt, 'receivedAt', clock());
      const { request, subject } = call;
      // nothing that the case itself would have to be asked: whether it was taken before, or has moved on
      const isOver = subject.state.closedAt !== null && request.get('Idempotency-Key') === undefined && request.get('If-Match') === undefined;
      const sent = isOver ? null : await send(call, await unpack('hear', call.body));
      if (sent && !('refusal' in sent.done && sent.done.refusal.code === 'closed')) return answer(call, sent);
      return openRepeat(deps, call);
    },
  });

  const investigate = declare({
    ...about('investigate'), body: Bodies.investigate,
    act: async (call) => {
      const { investigation, title, type } = call.body;
      if (investigation !== undefined || title === undefined) {
        return answer(call, await send(call, { name: 'investigate', data: { investigation: await existing(deps, investigation) }, words: [] }));
      }
      const satchel = openSatchel(await records.lists(), new Map());
      const opens = { id: randomUUID(), data: { title: satchel.put(title), type: satchel.code('type', type ?? call.subject.state.type, 'type') }, words: satchel.words };
      satchel.settle();
      return answer(call, await send(call, { name: 'investigate', data: { investigation: opens.id }, words: [], opens }));
    },
  });

  return [...httpCommands.filter((name) => name !== 'hear' && name !== 'investigate').map((name) => route(name)), hear, investigate];
}

/** The owner and the assignee have the case in hand: the role they have lets them, unless it changes nothing. */
function inHand(caller: Caller, { state }: CaseRow) {
  if (state.owner !== caller.sub && state.assignee !== caller.sub) return null;
  return entitledRole(caller);
}

/** An investigation must be there before a case is linked to it. */
async function existing({ records }: Deps, id: string | undefined): Promise<string> {
  const found = id === undefined ? null : await records.investigation(id);
  if (!found) throw Problem.field([{ path: 'investigation', message: 'is no investigation; read GET /v1/investigations' }], 'unknown-code');
  return found.id;
}
