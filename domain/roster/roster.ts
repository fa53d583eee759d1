import type { Hours } from '../sla/openTime.js';
import { earliest, plus, type Instant } from '../time.js';
import type { Roster, Shift } from './schema.js';

// Types only from the schema: nothing here parses.

/** Who stands at a rung from an instant on, first to be told first. */
export interface OnDuty {
  at: Instant;
  people: string[];
}

/**
 * Who stands at a rung of a department at an instant: the people of its shifts that are on, and for one who is away who stands in, who may
 * be away too. Empty when nobody does (L1.14).
 * @param hours the open time of the calendars that shifts name, by that name
 */
export function standingAt(roster: Roster, hours: Hours, rung: number, at: Instant, deputies = false): string[] {
  const people = new Set(shiftsOf(roster, rung).filter((shift) => isOn(shift, hours, at)).flatMap((shift) => named(shift, deputies)));
  if (people.size === 0) return [];
  const away = new Map(roster.absences.filter(({ from, to }) => from <= at && at < to).map(({ person, deputy }) => [person, deputy]));
  return [...new Set([...people].flatMap((person) => present(away, person)))];
}

/** The first instant from `from` on at which somebody stands at a rung, and who; null when nobody will in the years covered. */
export function nextStanding(roster: Roster, hours: Hours, rung: number, from: Instant, deputies = false): OnDuty | null {
  let at = from;
  for (let looked = 0; looked < MOST; looked += 1) {
    const people = standingAt(roster, hours, rung, at, deputies);
    if (people.length > 0) return { at, people };
    const changes = changesAfter(roster, hours, rung, at);
    const [first, ...others] = changes;
    if (first === undefined) return null;
    at = earliest(first, ...others);
  }
  return null;
}

/** Whether a department has anybody for a rung. */
export function hasRung(roster: Roster, rung: number): boolean {
  return shiftsOf(roster, rung).length > 0;
}

/** An absence may end before a shift does, and a shift that is on says nothing of the next: so many changes are looked at. */
const MOST = 5_000;

/** When something may be different: a shift begins, or somebody is back or leaves. */
function changesAfter(roster: Roster, hours: Hours, rung: number, at: Instant): Instant[] {
  const openings = shiftsOf(roster, rung).flatMap((shift) => openingAfter(shift, hours, at));
  const returns = roster.absences.flatMap(({ from, to }) => [from, to]);
  return [...openings, ...returns].filter((change) => change > at);
}

/** The next opening of a shift's calendar after an instant at which it may be open itself. */
function openingAfter(shift: Shift, hours: Hours, at: Instant): Instant[] {
  if (shift.calendar === null || isOn(shift, hours, at)) return [];
  const reached = hours(shift.calendar).after(at, 1);
  return reached === null ? [] : [plus(reached, -1)];
}

function isOn({ calendar }: Shift, hours: Hours, at: Instant): boolean {
  return calendar === null || hours(calendar).between(at, plus(at, 1)) > 0;
}

function shiftsOf({ shifts }: Roster, rung: number): Shift[] {
  return shifts.filter((shift) => shift.rung === rung);
}

function named({ people, deputies }: Shift, ofDeputies: boolean): string[] {
  return ofDeputies && deputies.length > 0 ? deputies : people;
}

/** Somebody, or who stands in for them while they are away, and so on; nobody where that leads in a circle. */
function present(away: ReadonlyMap<string, string | null>, person: string): string[] {
  const asked = new Set<string>();
  let standing: string | null = person;
  while (standing !== null && away.has(standing)) {
    if (asked.has(standing)) return [];
    asked.add(standing);
    standing = away.get(standing) ?? null;
  }
  return standing === null ? [] : [standing];
}
