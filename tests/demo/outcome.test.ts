import { describe, expect, it } from 'vitest';
import { deviations } from '../../bin/demo/check.js';
import { outcomeOf } from '../../bin/demo/outcome.js';
import { reportOf } from '../../bin/demo/report.js';
import type { ComplaintView } from '../../api/complaints/shape.js';

const at = '2026-11-22T01:02:03.000Z';
const clock = { id: 'response-1', name: 'response', cycle: 1, request: null, scope: 'service', state: 'breached', startedAt: at, budgetSeconds: 8, consumedSeconds: 9, calendar: null, dueAt: at, breachedAt: at, stoppedAt: at } as const;
const escalation = { at, from: 0, to: 1, cause: 'breach', clock: 'response-1', reason: null, by: 'system', acknowledgedBy: 'sue', acknowledgedAt: at } as const;
const view: ComplaintView = {
  id: 'c', trackingCode: null, version: 9, status: 'resolved', level: 2, cycle: 1, tier: 'general', channel: 'phone', type: null, subtype: null, product: null, region: null,
  flags: {}, emotion: null, customer: { key: null, name: null }, text: null, demand: null, solution: null, owner: 'ann', assignee: 'ann', coOwners: [], crisisOwner: null,
  department: null, rung: 1, special: [], repeatOf: null, tracks: { customer: 'satisfied', responsibility: 'open', cause: 'waiting' }, requests: [], clocks: [{ ...clock, log: [] }],
  escalations: [escalation], extensions: [], timeToFirstResolutionSeconds: 0, totalTimeSeconds: 0, responsibility: null, investigation: null, policy: { name: 'rehearsal', version: 1 }, receivedAt: at, openedAt: at, firstResolvedAt: at, resolvedAt: at, closedAt: null,
};

describe('what the demo holds a case against', () => {
  it.each([
    ['all as expected', { status: 'resolved', customer: 'satisfied', responsibility: 'open', breached: 'response', raisedBy: 'breach', rung: 1 }, []],
    ['another status', { status: 'closed', customer: 'satisfied' }, ['status is resolved, expected closed']],
    ['another cycle', { status: 'resolved', customer: 'satisfied', cycle: 2 }, ['cycle is 1, expected 2']],
    ['no breach', { status: 'resolved', customer: 'satisfied', breached: 'resolution' }, ['no resolution clock is breached']],
    ['no escalation', { status: 'resolved', customer: 'satisfied', raisedBy: 'media', rung: 2 }, ['no escalation by media', 'rung is 1, expected 2']],
  ] as const)('says of %s', (_name, ends, wrong) => {
    expect(deviations(view, ends)).toEqual(wrong);
  });
});

describe('the outcome', () => {
  const path = { name: 'late', title: 'Answered too late', cases: 1, play: () => Promise.resolve(), ends: { status: 'resolved', customer: 'satisfied' } } as const;
  const row = { source_id: 'P-1', channel: 'phone', customer_key: 'C', customer_name: undefined, customer_phone: undefined, customer_email: undefined, type: 'other', department: 'sales', region: undefined, personal_safety: false, media_threat: false, text: '太慢了，没人回复' } as const;
  const seconds = { handling: 30, checking: 2, replaying: 20, total: 52 };
  const happened = (failure: string | null, failures: string[] = []) => outcomeOf({
    api: 'http://127.0.0.1:3000', policy: { name: 'rehearsal', version: 3 }, investigations: [], failures, seconds,
    replays: { cases: 1, events: 9, failures: [] }, ended: [{ path, row, one: null, failure, seconds: 1.25, view }],
  });

  it('adds up what happened', () => {
    expect(happened(null)).toMatchObject({
      ok: true, complaints: 1, statuses: { resolved: 1 }, clocks: { response: { breached: 1 } }, replays: { cases: 1, events: 9, different: 0 },
      paths: [{ name: 'late', cases: 1, held: 1, status: 'resolved, satisfied', escalations: 1, clocksMet: 0, clocksBreached: 1 }],
    });
  });

  it('is not as it should be when a case or the whole is not, and says each once', () => {
    const outcome = happened('not so', ['not so', 'nor this']);
    expect(outcome).toMatchObject({ ok: false, failures: ['not so', 'nor this'], paths: [{ held: 0 }] });
    expect(reportOf(outcome)).toMatch(/Not as it should be:\n {2}not so\n {2}nor this$/);
  });

  it('is told as a table with a customer’s words', () => {
    expect(reportOf(happened(null))).toMatch(/Answered too late +1 +1 +resolved, satisfied +1 +0 +1 +1\.[23] +太慢了，没人回复\n[\s\S]*All is as it should be\.$/);
  });
});
