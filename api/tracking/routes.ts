import type { ComplaintCommands } from '../../domain/complaint/command.js';
import { Bodies, Text } from '../../domain/complaint/schema.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { Done, IdempotencyKey, Outcome } from '../../engine/engine.js';
import { carry } from '../commands/carry.js';
import { fileRepeat } from '../commands/repeat.js';
import { openSatchel } from '../commands/satchel.js';
import type { Deps } from '../deps.js';
import { customer } from '../http/caller.js';
import { declare, plain } from '../http/declare.js';
import { idempotencyKey } from '../http/idempotency.js';
import { languageOf } from '../http/language.js';
import type { Call, Reply, Route } from '../http/route.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';
import type { CaseRow } from '../records/records.js';
import { trackingPresenter, TrackingView } from './view.js';

const Params = z.object({ code: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/) });
const about = { ...plain, tag: 'tracking', access: 'public', localized: true, params: Params, problems: [429], description: 'In the language of Accept-Language: en or zh.' } as const;
const answers = { 200: { description: 'The case as its customer sees it', schema: TrackingView } };
const Reason = z.strictObject({ reason: Text });

type Tracked<Body> = Call<{ code: string }, unknown, Body, CaseRow>;
type ByCustomer = 'hear' | 'followUp' | 'withdraw' | 'retractWithdrawal';

/** What a customer sees and does with a tracking code and no login (spec: api, public). */
export function trackingRoutes(deps: Deps): Route[] {
  const { records, engine, vault } = deps;
  const show = trackingPresenter(deps);

  async function find({ params }: { params: { code: string } }): Promise<CaseRow> {
    const row = await records.complaintByTracking(params.code);
    if (!row) throw Problem.of('not-found', 'No case has this tracking code.');
    return row;
  }

  const keyOf = (call: Tracked<unknown>): IdempotencyKey | null =>
    (call.request.method === 'POST' ? idempotencyKey(call.request, 'customer', vault.digest) : null);

  async function send<Name extends ByCustomer>(call: Tracked<unknown>, name: Name, body: Bodies[Name]): Promise<Outcome<Done<Complaint>>> {
    const { state } = call.subject;
    const satchel = openSatchel(await records.lists(), new Map());
    const data: ComplaintCommands[Name] = carry[name](body, satchel);
    return engine.command<Name>({
      subject: 'complaint', id: state.id, owner: state.customer, actor: customer, name, data, words: satchel.words, key: keyOf(call), ifMatch: null,
      seen: call.subject,
    });
  }

  async function answer(call: Tracked<unknown>, done: Outcome<Done<Complaint>>): Promise<Reply> {
    if ('refusal' in done) throw Problem.refused(done.refusal);
    return { status: 200, body: await show(call.subject, done.state, languageOf(call.request)) };
  }

  async function openNew(call: Tracked<{ text: string }>): Promise<Reply> {
    const message = { text: call.body.text, receivedAt: null };
    const filed = await fileRepeat(deps, call.subject.state, message, { actor: customer, key: keyOf(call) });
    if ('refusal' in filed) throw Problem.refused(filed.refusal);
    return { status: 201, body: await show(filed.row, filed.state, languageOf(call.request)), location: `/v1/track/${filed.trackingCode}` };
  }

  return [
    declare({
      ...about, method: 'get', path: '/v1/track/{code}', summary: 'The course of a case in the customer’s words', answers, find,
      act: async ({ subject, request }) => ({ status: 200, body: await show(subject, subject.state, languageOf(request)) }),
    }),
    declare({
      ...about, method: 'post', path: '/v1/track/{code}/messages', summary: 'Add information; after the close it opens a new case', find,
      body: z.strictObject({ text: Text }),
      answers: { ...answers, 201: { description: 'The case was closed: a new one, under a code of its own', schema: TrackingView, headers: ['Location'] } },
      act: async (call) => {
        const isOver = call.subject.state.closedAt !== null && keyOf(call) === null;
        const done = isOver ? null : await send(call, 'hear', call.body);
        return done && !('refusal' in done && done.refusal.code === 'closed') ? answer(call, done) : openNew(call);
      },
    }),
    declare({
      ...about, method: 'post', path: '/v1/track/{code}/follow-up', summary: 'Say whether you are satisfied', body: Bodies.followUp, answers, find,
      act: async (call) => answer(call, await send(call, 'followUp', call.body)),
    }),
    declare({
      ...about, method: 'post', path: '/v1/track/{code}/escalations', summary: 'Ask for a supervisor, once until you are answered', body: Reason, find,
      answers: { 202: { description: 'Taken', schema: TrackingView } },
      act: async (call) => {
        const { state } = call.subject;
        const satchel = openSatchel(await records.lists(), new Map());
        const taken = await engine.escalate({
          id: state.id, owner: state.customer, actor: customer, key: keyOf(call),
          data: { reason: satchel.put(call.body.reason), to: null }, words: satchel.words,
        });
        if ('refusal' in taken) throw Problem.refused(taken.refusal);
        return { status: 202, body: await show(call.subject, state, languageOf(call.request)) };
      },
    }),
    declare({
      ...about, method: 'post', path: '/v1/track/{code}/withdraw', summary: 'Withdraw the complaint', body: Reason, answers, find,
      act: async (call) => answer(call, await send(call, 'withdraw', call.body)),
    }),
    declare({
      ...about, method: 'delete', path: '/v1/track/{code}/withdraw', summary: 'Take the withdrawal back', answers, find, problems: [409, 429],
      act: async (call) => answer(call, await send(call, 'retractWithdrawal', {})),
    }),
  ];
}
