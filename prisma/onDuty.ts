import { FRONT_LINE } from '../domain/complaint/terms.js';
import { hasRung, nextStanding, type OnDuty } from '../domain/roster/roster.js';
import { COMPANY, type Roster } from '../domain/roster/schema.js';
import type { Instant } from '../domain/time.js';
import { hoursOfNames } from './agreements.js';
import { complaintById } from './complaints.js';
import type { Database } from './database.js';
import { rosterOf } from './rosters.js';

/** Whose rung: a department's, or, where it has nobody for it, the company's. */
export interface Post {
  department: string;
  rung: number;
  deputies: boolean;
}

/** Whose rungs a case's are, and whether it waits for nobody's hours. */
export async function postOfCase(database: Database, id: string): Promise<{ department: string; isUrgent: boolean }> {
  const row = await complaintById(database, id);
  const { department, ownerDepartment, tier } = row?.state ?? {};
  return { department: department ?? ownerDepartment ?? FRONT_LINE, isUrgent: tier === 'urgent' };
}

/**
 * Who stands at a rung now, or who does next and when; null when no roster says, or nobody ever does. Calendars are taken in their
 * latest versions: who may be called is a matter of today.
 */
export async function onDuty(database: Database, { department, rung, deputies }: Post, now: Instant): Promise<OnDuty | null> {
  const own = await rosterOf(database, department);
  const roster = own && hasRung(own, rung) ? own : await rosterOf(database, COMPANY);
  return roster && nextStanding(roster, await hoursOfNames(database, calendarsIn(roster)), rung, now, deputies);
}

/** The calendars that a roster names, once each. */
export function calendarsIn({ shifts }: Pick<Roster, 'shifts'>): string[] {
  return [...new Set(shifts.map(({ calendar }) => calendar).filter((name) => name !== null))];
}
