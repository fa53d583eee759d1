import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { ActingRole } from '../../domain/event.js';
import { addDelivery, deliveriesOf } from '../../prisma/deliveries.js';
import { toldOfComplaint } from '../../prisma/outbox.js';
import { ann, filed, place, type Place } from './given.js';

let here: Place;
let state: Complaint;
beforeAll(async () => {
  here = await place();
  state = (await filed(here, { actor: ann })).row.state;
});
afterAll(() => here.database.close());

type Happened = ComplaintEvent extends infer E ? (E extends ComplaintEvent ? Pick<E, 'type' | 'data'> : never) : never;
const raise = { escalation: 'e1', cause: 'signal' as const, clock: null, reason: null, aboveTier: true, clocks: [] };
const answer = { satisfied: false, score: null, comment: 'c', clocks: [] };

describe('who is told of what (L1.8, L1.14; spec: sla, pausing; case, escalation)', () => {
  const cases: { what: string; event: Happened; role?: ActingRole; told: string[] }[] = [
    { what: 'a warning', event: { type: 'clock_warned', data: { clock: 'response-1', name: 'response', percent: 75 } }, told: ['staff ann'] },
    {
      what: 'a breach', told: ['staff ann'],
      event: { type: 'clock_breached', data: { clock: 'response-1', name: 'response', dueAt: '2026-01-01T00:00:00.000Z' } },
    },
    { what: 'a raise', event: { type: 'escalated', data: { ...raise, from: 0, to: 2 } }, told: ['staff rung:2'] },
    { what: 'a raise at the top', event: { type: 'escalated', data: { ...raise, from: 3, to: 3 } }, told: ['staff rung:3:deputy'] },
    {
      what: 'a pause that reached its limit', told: ['staff ann'],
      event: { type: 'resumed', data: { cause: 'limit', from: '2026-01-01T00:00:00.000Z', clocks: [] } },
    },
    {
      what: 'a pause that was ended by command', told: [],
      event: { type: 'resumed', data: { cause: 'command', from: '2026-01-01T00:00:00.000Z', clocks: [] } },
    },
    { what: 'a follow-up that staff answered', role: 'supervisor', event: { type: 'followed_up', data: answer }, told: ['customer'] },
    { what: 'a follow-up that the customer answered', role: 'customer', event: { type: 'followed_up', data: answer }, told: [] },
    {
      what: 'a customer who is content with what is handled again', role: 'customer', told: ['staff ann'],
      event: { type: 'followed_up', data: { ...answer, clocks: [{ op: 'cancel', id: 'resolution-2', at: '2026-01-01T00:00:00.000Z', dueAt: null }] } },
    },
    { what: 'a follow-up attempt, which its activity tells', event: { type: 'follow_up_attempted', data: { attempt: 1, of: 3 } }, told: [] },
    { what: 'an internal note', event: { type: 'noted', data: { text: 'n' } }, told: [] },
  ];
  it.each(cases)('$what: $told', ({ event, role = 'system', told }) => {
    const whole = { seq: 9, at: state.lastAt, by: 'x', role, command: null, ...event } as ComplaintEvent;
    const rows = toldOfComplaint(whole, state).map(({ audience, recipient }) => (audience === 'customer' ? audience : `${audience} ${recipient}`));
    expect(rows).toEqual(told);
  });

  it('is there once, whoever puts it there', async () => {
    const delivery = { subject: 'complaint' as const, complaint: state.id, seq: 9, kind: 'follow_up_attempted', audience: 'customer' as const, recipient: state.customer, ref: null };
    expect(await Promise.all([1, 2, 3].map(() => addDelivery(here.database, delivery)))).toHaveLength(3);
    expect((await deliveriesOf(here.database, state.id)).filter(({ seq }) => seq === 9)).toHaveLength(1);
    expect(await addDelivery(here.database, delivery)).toBe(false);
  });
});
