import { afterAll, beforeAll, expect, it } from 'vitest';
import { publishable } from '../../calendars/publish.js';
import { type PublishedCalendar, WrittenCalendar } from '../../domain/calendar/schema.js';
import type { ComplaintEvent } from '../../domain/complaint/event.js';
import { Policy } from '../../domain/policy/schema.js';
import { applyClockChanges, dueOf, type Clock } from '../../domain/sla/clock.js';
import { aroundTheClock } from '../../domain/sla/openTime.js';
import { instant, millis, plus, type Instant } from '../../domain/time.js';
import { publishCalendar } from '../../prisma/calendars.js';
import { complaintById } from '../../prisma/complaints.js';
import { publishPolicy } from '../../prisma/policies.js';
import { slowOpenTime } from '../domain/calendar.reference.js';
import { word } from '../harness/driver.js';
import { ann, customer, lou, qi, quinn, sam, sue } from '../harness/people.js';
import { startSkipping, type Skipping } from '../harness/skipping.js';
import { DAY } from './story.js';

let skipping: Skipping;
let calendar: PublishedCalendar;
const now = instant(Date.now());
const date = (at: Instant) => at.slice(0, 10);

beforeAll(async () => {
  skipping = await startSkipping();
  const { database } = skipping.parts;
  const day = [['09:00', '12:30'], ['13:15', '17:00']];
  // a year of New York has both of its changes, and a week of holidays while the case is paused
  const written = WrittenCalendar.parse({
    name: 'new-york', zone: 'America/New_York', week: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [['10:00', '14:00']] },
    holidays: [8, 9, 10, 11, 12, 55, 56, 57, 120, 121].map((days) => date(plus(now, days * DAY))),
  });
  const found = publishable(written, now);
  if ('fault' in found) throw new Error(found.fault.message);
  const done = await publishCalendar(database, found.calendar, 'ada', null);
  if (done === 'reused') throw new Error('published before');
  calendar = done;
  await publishPolicy(database, Policy.parse({
    name: 'year', calendar: 'new-york', ladder: [],
    tiers: {
      general: { response: 'PT8H', resolution: { businessDays: 100 } }, serious: { response: 'PT4H', resolution: { businessDays: 80 } }, urgent: { calendar: null, resolution: 'PT900H' },
    },
    clocks: { attribution: 'PT40H', cause: 'PT400H', followUp: 'PT40H', acknowledge: 'PT4H' }, followUp: { every: 'P3D' },
  }), 'ada');
});
afterAll(() => skipping.close());

/** Every due date in the events, made again from the ledger by looking at each minute. */
function expectLedger(events: readonly ComplaintEvent[]): number {
  const slow = slowOpenTime(calendar, `${date(plus(now, -DAY))}T00:00:00.000Z`, 420);
  let clocks: Clock[] = [];
  let compared = 0;
  for (const event of events) {
    if (event.type === 'clock_breached') clocks = clocks.map((clock) => (clock.id === event.data.clock ? { ...clock, breachedAt: event.data.dueAt } : clock));
    for (const change of 'clocks' in event.data ? event.data.clocks : []) {
      clocks = applyClockChanges(clocks, [change]);
      const clock = clocks.find(({ id }) => id === change.id)!;
      expect([event.type, change.id, change.dueAt]).toEqual([event.type, change.id, dueOf(clock, (id) => (id === null ? aroundTheClock : slow))]);
      compared += 1;
    }
  }
  return compared;
}

it('a year of a case: paused over holidays, re-tiered, reopened, through both changes of daylight saving, to its close', async () => {
  const began = Date.now();
  const { id, receivedAt } = await skipping.file(ann, { policy: 'year' });
  const to = (days: number) => skipping.passTo(plus(receivedAt, days * DAY), id);
  const does: Skipping['command'] = (...given) => skipping.command(...given);
  const resolved = { solution: word(), message: null, agreed: true, cost: null, reason: null };
  await does(id, ann, 'answer', { message: word(), parts: null });
  await to(5);
  await does(id, ann, 'pause', { reason: 'customer_information', note: null });
  await to(17);
  await does(id, ann, 'hear', { text: word(), receivedAt: plus(receivedAt, 16 * DAY) });
  await to(50);
  await does(id, sue, 'classify', { changes: { tier: 'urgent' }, reason: word() });
  await to(51);
  expect((await skipping.events(id)).filter((event) => event.type === 'clock_breached' && event.data.name === 'resolution')).toEqual([]);
  await does(id, sue, 'classify', { changes: { tier: 'serious' }, reason: word() });
  await to(100);
  await does(id, sue, 'classify', { changes: { tier: 'general' }, reason: word() });
  await to(160);
  await does(id, ann, 'resolve', resolved);
  await does(id, customer, 'followUp', { satisfied: false, score: 1, comment: word() });
  await to(230);
  await does(id, ann, 'resolve', { ...resolved, solution: word() });
  await does(id, customer, 'followUp', { satisfied: true, score: 4, comment: word() });
  const shares = [{ department: 'logistics', person: null, percent: 100, conduct: 'ordinary' as const, evidence: null }];
  await does(id, sue, 'attribute', { nature: 'process', shares, note: word() });
  await does(id, lou, 'agree', { reason: null });
  await does(id, sam, 'decide', { upheld: true, nature: null, shares: null, handling: word(), note: word() });
  const investigation = await skipping.open(quinn);
  await skipping.link(id, investigation, quinn);
  await to(240);
  await skipping.investigate(investigation, quinn, 'cause', { category: 'method', text: word(), whys: [word(), word(), word()] });
  await skipping.investigate(investigation, quinn, 'finding', { cause: 'c1', root: true, note: word() });
  await skipping.recorded(id, 'root_found');
  const goal = { metric: word(), baseline: 10, target: 2, direction: 'down' as const };
  const dueAt = plus(receivedAt, 300 * DAY);
  await skipping.investigate(investigation, quinn, 'measure', { cause: 'c1', text: word(), owner: 'lou', dueAt, goal, observeDays: 60 });
  await skipping.recorded(id, 'improving');
  await to(299);
  await skipping.investigate(investigation, lou, 'done', { measure: 'm1', note: null });
  await to(365);
  await skipping.investigate(investigation, quinn, 'reading', { measure: 'm1', value: 1, takenAt: null });
  await skipping.investigate(investigation, qi, 'verdict', { measure: 'm1', effective: true, note: word() });
  await skipping.investigate(investigation, quinn, 'conclude', {});
  await skipping.ended(id);

  const events = await skipping.events(id);
  const { state } = (await complaintById(skipping.parts.database, id))!;
  expect(state).toMatchObject({ cycle: 2, calendars: { 'new-york': 1 }, tracks: { customer: 'satisfied', responsibility: 'decided', cause: 'verified' } });
  expect(millis(state.closedAt!) - millis(receivedAt)).toBeGreaterThan(364 * DAY);
  expect(state.clocks.find((clock) => clock.id === 'resolution-1')?.log.map(({ type }) => type)).toEqual(['pause', 'resume', 'calendar', 'calendar', 'stop']);
  const compared = expectLedger(events);
  expect(compared).toBeGreaterThan(15);
  for (const [subject, one] of [['complaint', id], ['investigation', investigation]] as const) {
    expect(await skipping.parts.audit.replay(subject, one)).toMatchObject({ deterministic: true, differences: [] });
  }
  const days = Math.round((millis(state.closedAt!) - millis(receivedAt)) / DAY);
  console.log(`${String(days)} days of a case in ${((Date.now() - began) / 1000).toFixed(1)} s: ${String(events.length)} events, ${String(compared)} due dates made again`);
}, 90_000);
