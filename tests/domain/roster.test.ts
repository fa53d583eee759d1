import { describe, expect, it } from 'vitest';
import { office } from '../../domain/calendar/office.js';
import { openTimeOf } from '../../domain/calendar/openTime.js';
import { hasRung, nextStanding, standingAt } from '../../domain/roster/roster.js';
import { Roster } from '../../domain/roster/schema.js';
import { aroundTheClock } from '../../domain/sla/openTime.js';

const open = openTimeOf(office);
const hours = (name: string | null) => (name === null ? aroundTheClock : open);
const roster = Roster.parse({
  name: 'logistics',
  shifts: [
    { rung: 1, calendar: 'office', people: ['sue', 'bob'], deputies: ['dee'] }, { rung: 1, people: ['night'], calendar: 'office' },
    { rung: 2, calendar: 'office', people: ['hal'] }, { rung: 3, people: ['boss'] },
  ],
  absences: [
    { person: 'sue', from: '2026-11-09T00:00:00Z', to: '2026-11-10T00:00:00Z', deputy: 'dan' },
    { person: 'dan', from: '2026-11-09T02:00:00Z', to: '2026-11-10T00:00:00Z', deputy: 'sue' },
    { person: 'hal', from: '2026-11-09T00:00:00Z', to: '2026-11-11T03:30:00Z' },
    { person: 'dee', from: '2026-11-11T00:00:00Z', to: '2026-11-12T00:00:00Z', deputy: 'dot' },
  ],
});
// 2026-11-09 is a Monday; Shanghai's office opens at 01:00Z
describe('who stands at a rung', () => {
  it.each<[string, number, string, string[]]>([
    ['all whose shift is on', 1, '2026-11-12T01:00:00.000Z', ['sue', 'bob', 'night']],
    ['nobody while no shift is', 1, '2026-11-12T00:59:59.999Z', []],
    ['nobody at lunch', 1, '2026-11-12T04:00:00.000Z', []],
    ['the deputy of who is away', 1, '2026-11-09T01:30:00.000Z', ['dan', 'bob', 'night']],
    ['nobody for two who stand in for each other and are both away', 1, '2026-11-09T02:00:00.000Z', ['bob', 'night']],
    ['who is back at the instant they are', 1, '2026-11-10T01:00:00.000Z', ['sue', 'bob', 'night']],
    ['nobody for who is away without a deputy', 2, '2026-11-09T01:00:00.000Z', []],
    ['somebody at any hour, where no calendar is named', 3, '2026-11-08T18:00:00.000Z', ['boss']],
    ['nobody at a rung of no shift', 0, '2026-11-09T01:00:00.000Z', []],
  ])('is %s', (_name, rung, at, people) => expect(standingAt(roster, hours, rung, at)).toEqual(people));

  it('next: at the first hour at which somebody may be called', () => {
    // Friday evening: Monday morning, and Sue's deputy for her
    expect(nextStanding(roster, hours, 1, '2026-11-06T12:00:00.000Z')).toEqual({ at: '2026-11-09T01:00:00.000Z', people: ['dan', 'bob', 'night'] });
    // Hal is back in the middle of a morning
    expect(nextStanding(roster, hours, 2, '2026-11-09T01:00:00.000Z')).toEqual({ at: '2026-11-11T03:30:00.000Z', people: ['hal'] });
    expect(nextStanding(roster, hours, 3, '2026-11-08T18:00:00.000Z')).toEqual({ at: '2026-11-08T18:00:00.000Z', people: ['boss'] });
    expect(nextStanding(roster, hours, 2, '2027-12-31T12:00:00.000Z')).toBeNull();
    expect(nextStanding(roster, hours, 0, '2026-11-09T01:00:00.000Z')).toBeNull();
    expect([hasRung(roster, 2), hasRung(roster, 0)]).toEqual([true, false]);
  });

  it('for what stays unacknowledged at the top: the deputies, or the same where there are none', () => {
    expect(standingAt(roster, hours, 1, '2026-11-12T01:00:00.000Z', true)).toEqual(['dee', 'night']);
    expect(standingAt(roster, hours, 1, '2026-11-11T01:00:00.000Z', true)).toEqual(['dot', 'night']);
    expect(standingAt(roster, hours, 3, '2026-11-12T01:00:00.000Z', true)).toEqual(['boss']);
  });

  it.each<[string, string, object]>([
    ['no shift', 'shifts', { name: 'x', shifts: [] }],
    ['a shift of nobody', 'shifts.0.people', { name: 'x', shifts: [{ rung: 1, people: [] }] }],
    ['a rung above 3', 'shifts.0.rung', { name: 'x', shifts: [{ rung: 4, people: ['a'] }] }],
    ['an absence that ends before it begins', 'absences.0.to', { name: 'x', shifts: [{ rung: 1, people: ['a'] }], absences: [{ person: 'a', from: '2026-11-09T00:00:00Z', to: '2026-11-09T00:00:00Z' }] }],
    ['somebody who stands in for themselves', 'absences.0.deputy', { name: 'x', shifts: [{ rung: 1, people: ['a'] }], absences: [{ person: 'a', from: '2026-11-09T00:00:00Z', to: '2026-11-10T00:00:00Z', deputy: 'a' }] }],
  ])('is refused with %s', (_name, path, body) => {
    expect(Roster.safeParse(body).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});
