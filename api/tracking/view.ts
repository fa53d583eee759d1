import { judgementOf, statusOf } from '../../domain/complaint/standing.js';
import type { Complaint } from '../../domain/complaint/state.js';
import { dueOf } from '../../domain/sla/clock.js';
import type { Hours } from '../../domain/sla/openTime.js';
import { asLine } from '../audit/eventWords.js';
import type { Deps } from '../deps.js';
import type { Language } from '../http/language.js';
import { z } from '../openapi/zod.js';
import type { CaseRow } from '../records/records.js';
import { stepText, stepWords } from './phrases.js';

const Moment = z.iso.datetime({ precision: 3 });

/** A case as its customer sees it: no note, no name of staff, no responsibility. */
export const TrackingView = z.strictObject({
  trackingCode: z.string().nullable(),
  status: z.enum(['open', 'paused', 'resolved', 'closed', 'duplicate']),
  receivedAt: Moment, closedAt: Moment.nullable(),
  text: z.string().nullable().describe('the complaint; null once it has been erased'),
  promise: z.strictObject({ name: z.enum(['response', 'resolution', 'followUp']), dueAt: Moment }).nullable().describe('what is promised next, and when'),
  asks: z.array(z.enum(['message', 'follow-up', 'escalation', 'withdraw', 'take-back'])).describe('what the customer can do now; `follow-up` of a case that is handled again takes only that they are satisfied after all'),
  earlier: z.int().describe('steps before those of `course`, which shows the latest 200'),
  course: z.array(z.strictObject({ at: Moment, step: z.string(), text: z.string(), message: z.string().nullable() })),
}).openapi('Tracking');
export type TrackingView = z.infer<typeof TrackingView>;

/** Nobody has to sign in to read it: what is deciphered and told in one answer has an end. */
const MOST_STEPS = 200;

/** Shows a case to who holds its tracking code, in their language. */
export function trackingPresenter({ records, vault }: Pick<Deps, 'records' | 'vault'>) {
  return async ({ tracking }: Pick<CaseRow, 'tracking'>, state: Complaint, language: Language): Promise<TrackingView> => {
    const events = (await records.course(state.id)).filter(({ seq }) => seq <= state.version);
    const steps = events.flatMap((event) => {
      const text = stepText(event, language);
      return text === null ? [] : [{ event, text }];
    });
    const shown = steps.slice(-MOST_STEPS);
    const words = await vault.read([tracking, state.text, ...shown.flatMap(({ event }) => stepWords(event)).map(({ ref }) => ref)]);
    const say = (ref: string | null): string | null => (ref === null ? null : words.get(ref) ?? null);
    const course = shown.map(({ event, text }) => {
      const message = stepWords(event).map((said) => asLine(said, say(said.ref))).filter((line) => line !== null).join('\n');
      return { at: event.at, step: event.type, text, message: message === '' ? null : message };
    });
    return {
      trackingCode: say(tracking), status: statusOf(state), receivedAt: state.receivedAt, closedAt: state.closedAt,
      text: say(state.text), promise: promiseOf(state, await records.hours(state)), asks: asksOf(state),
      earlier: steps.length - shown.length, course,
    };
  };
}

/** The earliest due date among what was promised to the customer and runs. */
function promiseOf({ clocks }: Complaint, hours: Hours): TrackingView['promise'] {
  const promised = clocks.flatMap((clock) => {
    const { name, end, scope } = clock;
    if (end !== null || scope !== 'service' || (name !== 'response' && name !== 'resolution' && name !== 'followUp')) return [];
    const dueAt = dueOf(clock, hours);
    return dueAt === null ? [] : [{ name, dueAt }];
  });
  return promised.sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))[0] ?? null;
}

/** What the rules would take of the customer now. */
function asksOf(state: Complaint): TrackingView['asks'] {
  const { closedAt, tracks: { customer } } = state;
  if (closedAt !== null) return ['message'];
  const mayJudge = judgementOf(state) !== 'none';
  const isOver = customer === 'satisfied' || customer === 'unanswered' || customer === 'final';
  if (customer === 'withdrawn') return ['message', 'take-back'];
  return ['message', ...(mayJudge ? ['follow-up' as const] : []), ...(isOver ? [] : ['escalation' as const, 'withdraw' as const])];
}
