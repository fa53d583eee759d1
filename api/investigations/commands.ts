import type { Role } from '../../domain/event.js';
import type { InvestigationCommandName, InvestigationCommands } from '../../domain/investigation/command.js';
import { InvestigationBodies as Bodies, InvestigationView } from '../../domain/investigation/schema.js';
import type { Investigation } from '../../domain/investigation/state.js';
import { maySee } from '../access/visibility.js';
import { allowed } from '../commands/act.js';
import { openSatchel, type Satchel } from '../commands/satchel.js';
import type { Deps } from '../deps.js';
import { actorOf, entitledRole, type Caller } from '../http/caller.js';
import { ifMatch } from '../http/conditional.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import type { Fields, Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { notInFuture } from '../problem/future.js';
import { Problem } from '../problem/problem.js';
import { investigationPresenter } from './view.js';

const runners: readonly Role[] = ['quality', 'supervisor'];
const Id = z.object({ id: z.uuid() });
const Cause = Id.extend({ cause: z.string() });
const Measure = Id.extend({ measure: z.string() });

type Named = { id: string; cause?: string | undefined; measure?: string | undefined };

interface Step<Name extends InvestigationCommandName, P extends Fields, Body> {
  name: Name;
  path: string;
  summary: string;
  params: P & z.ZodType<Named>;
  body: z.ZodType<Body>;
  /** whose measure it is may too */
  byOwner?: true;
  data: (body: Body, satchel: Satchel, params: z.output<P>) => InvestigationCommands[Name];
}

/** The steps of an investigation (L3.1–L3.4), each a command on its workflow. */
export function investigationCommands(deps: Deps): Route[] {
  const { engine, records, vault, clock } = deps;
  const show = investigationPresenter(deps);

  function step<Name extends Exclude<InvestigationCommandName, 'link'>, P extends Fields, Body>({ name, path, summary, params, body, byOwner, data }: Step<Name, P, Body>): Route {
    return declare({
      ...plain, method: 'post', path: `/v1/investigations/{id}${path}`, tag: 'investigations', summary, access: runners, conditional: true,
      params, body, find: findInvestigation(deps), ...(byOwner ? { entitles: ownerOf, description: 'The owner of the measure may too.' } : {}),
      answers: { 200: { description: 'The investigation as it then stands', schema: InvestigationView, headers: ['ETag'] } },
      act: async (call) => {
        const { caller, subject, request } = call;
        const { owner: person } = ownerIn(call.body);
        const satchel = openSatchel(await records.lists(), await records.people(person === null ? [] : [person]));
        const sent = data(call.body, satchel, call.params);
        satchel.settle();
        const done = await engine.command<Name>({
          subject: 'investigation', id: subject.id, actor: actorOf(caller, allowed(call)), name, data: sent, words: satchel.words, owner: subject.id,
          key: idempotencyKey(request, caller.sub, vault.digest), ifMatch: ifMatch(request.get('If-Match'), subject.version),
        });
        if ('refusal' in done) throw Problem.refused(done.refusal);
        return { status: 200, body: await show.one(caller, done.state), version: done.version };
      },
    });
  }

  return [
    step({ name: 'cause', path: '/causes', summary: 'Add a possible cause', params: Id, body: Bodies.cause, data: ({ category, text, whys }, { put, code }) =>
      ({ category: code('category', category, 'category'), text: put(text), whys: whys.map(put) }) }),
    step({ name: 'why', path: '/causes/{cause}/whys', summary: 'Ask why once more', params: Cause, body: Bodies.why, data: ({ text }, { put }, { cause }) => ({ cause, text: put(text) }) }),
    step({ name: 'finding', path: '/causes/{cause}/finding', summary: 'Call it a root, or rule it out', params: Cause, body: Bodies.finding,
      data: ({ root, note }, { put }, { cause }) => ({ cause, root, note: put(note) }) }),
    step({ name: 'measure', path: '/measures', summary: 'Set a measure against a root', params: Id, body: Bodies.measure,
      data: ({ cause, text, owner, dueAt, goal, observeDays }, { put, person }) =>
        ({ cause, text: put(text), owner: person(owner, 'owner'), dueAt, goal: { ...goal, metric: put(goal.metric) }, observeDays }) }),
    step({ name: 'done', path: '/measures/{measure}/done', summary: 'The measure is taken; its window begins', params: Measure, body: Bodies.done, byOwner: true,
      data: ({ note }, { maybe }, { measure }) => ({ measure, note: maybe(note) }) }),
    step({ name: 'reading', path: '/measures/{measure}/readings', summary: 'Record what was measured', params: Measure, body: Bodies.reading, byOwner: true,
      data: ({ value, at }, _satchel, { measure }) => {
        notInFuture(at, 'at', clock());
        return { measure, value, takenAt: at ?? null };
      } }),
    step({ name: 'verdict', path: '/measures/{measure}/verdict', summary: 'Say whether it worked; not by its owner', params: Measure, body: Bodies.verdict,
      data: ({ effective, note }, { put }, { measure }) => ({ measure, effective, note: put(note) }) }),
    step({ name: 'conclude', path: '/conclude', summary: 'Conclude, or hear what is missing', params: Id, body: Bodies.conclude, data: () => ({}) }),
  ];
}

/** The investigation of a path, with the cause or measure that it names, if the caller may see it. */
export function findInvestigation({ records }: Pick<Deps, 'records'>) {
  return async ({ caller, params }: { caller: Caller | null; params: Named }): Promise<Investigation> => {
    const found = await records.investigation(params.id);
    if (!found || !caller || !maySee(caller, found)) throw Problem.of('not-found');
    const { cause, measure } = params;
    if (cause !== undefined && !found.causes.some(({ id }) => id === cause)) throw Problem.of('not-found');
    if (measure !== undefined && !found.measures.some(({ id }) => id === measure)) throw Problem.of('not-found');
    return found;
  };
}

function ownerOf(caller: Caller, { measures }: Investigation): Role | null {
  return measures.some(({ owner }) => owner === caller.sub) ? entitledRole(caller) : null;
}

function ownerIn(body: unknown): { owner: string | null } {
  return { owner: typeof body === 'object' && body !== null && 'owner' in body && typeof body.owner === 'string' ? body.owner : null };
}
