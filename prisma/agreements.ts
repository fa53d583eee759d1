import { cutCalendar } from '../domain/calendar/cut.js';
import { isBefore, openTimeOf } from '../domain/calendar/openTime.js';
import type { Calendar } from '../domain/calendar/calendar.js';
import { calendarIdsOf } from '../domain/complaint/standing.js';
import type { Complaint } from '../domain/complaint/state.js';
import { agreementOf, calendarId, type Agreement, type CalendarVersions, type Pinned } from '../domain/policy/agreement.js';
import { calendarNamesOf } from '../domain/policy/budgets.js';
import type { Policy } from '../domain/policy/schema.js';
import { alwaysOpen, type Hours, type OpenTime } from '../domain/sla/openTime.js';
import type { Instant } from '../domain/time.js';
import { calendarByName } from './calendars.js';
import type { Database } from './database.js';
import { pinnedPolicy } from './policies.js';

/** A policy names a calendar that nobody has published. */
export class CalendarUnknown extends Error {
  constructor(readonly calendar: string) {
    super(`no calendar ${calendar} is published`);
    this.name = 'CalendarUnknown';
  }
}

/** The latest version of each calendar that a policy names: what a case that is opened now pins. Throws `CalendarUnknown`. */
export async function versionsNow(database: Database, policy: Policy): Promise<CalendarVersions> {
  return latestOf(database, calendarNamesOf(policy));
}

async function latestOf({ query }: Database, names: readonly string[]): Promise<CalendarVersions> {
  if (names.length === 0) return {};
  const rows = await query<{ name: string; version: number }>`
    SELECT name, max(version) AS version FROM calendar WHERE name = ANY(${[...names]}) GROUP BY name`;
  const versions = Object.fromEntries(rows.map(({ name, version }) => [name, version]));
  const unknown = names.find((name) => !Object.hasOwn(versions, name));
  if (unknown !== undefined) throw new CalendarUnknown(unknown);
  return versions;
}

/**
 * What the workflow of a case that was received at `from` is started with: its policy, and its calendars cut to what it can need.
 * @param also calendars that clocks have been on before
 */
export async function pinnedTo(
  database: Database, named: { name: string; version: number }, versions: CalendarVersions, from: Instant, also: readonly string[] = [],
): Promise<Pinned> {
  const { policy } = await pinnedPolicy(database, named.name, named.version);
  return pinnedWith(database, policy, versions, from, also);
}

/** As `pinnedTo`, of a policy that need not be published yet. */
export async function pinnedWith(
  database: Database, policy: Policy, versions: CalendarVersions, from: Instant, also: readonly string[] = [],
): Promise<Pinned> {
  const ids = [...new Set([...idsOf(versions), ...also])];
  if (ids.length === 0) return { policy };
  const cut = ids.map(async (id): Promise<[string, Calendar]> => [id, cutCalendar((await published(database, id)).calendar, from)]);
  return { policy, versions, calendars: Object.fromEntries(await Promise.all(cut)) };
}

/**
 * The agreement of a policy and these versions of its calendars, to plan clocks by.
 * @param also calendars that clocks have been on before
 */
export async function agreementWith(
  database: Database, policy: Policy, versions: CalendarVersions, also: readonly string[] = [],
): Promise<Agreement> {
  return agreementOf({ policy, versions }, await hoursOfIds(database, [...idsOf(versions), ...also]));
}

function idsOf(versions: CalendarVersions): string[] {
  return Object.entries(versions).map(([name, version]) => calendarId(name, version));
}

/** The first of these calendars that knows nothing of an instant yet, for its years begin later; null when all do. */
export async function beginsAfter(database: Database, versions: CalendarVersions, at: Instant): Promise<string | null> {
  for (const [name, version] of Object.entries(versions)) {
    const { calendar } = await published(database, calendarId(name, version));
    if (isBefore(calendar, at)) return name;
  }
  return null;
}

/** The open time of the latest version of each of these calendars, by name. Throws `CalendarUnknown`. */
export async function hoursOfNames(database: Database, names: readonly string[]): Promise<Hours> {
  const versions = await latestOf(database, names);
  const hours = await hoursOfIds(database, idsOf(versions));
  return (name) => hours(name === null ? null : calendarId(name, versions[name] ?? 0));
}

/** The open time of every calendar that a case names or its clocks have been on. */
export async function hoursOfCase(database: Database, state: Complaint): Promise<Hours> {
  return hoursOfIds(database, calendarIdsOf(state));
}

/** Each calendar is laid out once for all cases; a case knows it cut, and from its receipt on both are open at the same time. */
async function hoursOfIds(database: Database, ids: readonly string[]): Promise<Hours> {
  if (ids.length === 0) return alwaysOpen;
  const opens = new Map(await Promise.all(ids.map(async (id): Promise<[string, OpenTime]> => [id, (await published(database, id)).open])));
  return (id) => (id === null ? undefined : opens.get(id)) ?? alwaysOpen(id);
}

interface Kept {
  calendar: Calendar;
  open: OpenTime;
}

/** A published calendar by its id. It never changes, so it is read once. */
async function published(database: Database, id: string): Promise<Kept> {
  const all = kept.get(database) ?? new Map<string, Promise<Kept>>();
  kept.set(database, all);
  const known = all.get(id);
  if (known) return known;
  if (all.size >= MOST_KEPT) all.clear();
  const read = readOne(database, id);
  all.set(id, read);
  read.catch(() => all.delete(id));
  return read;
}

async function readOne(database: Database, id: string): Promise<Kept> {
  const [name = '', version] = id.split('/');
  const calendar = await calendarByName(database, name, Number(version));
  if (!calendar) throw new CalendarUnknown(id);
  return { calendar, open: openTimeOf(calendar) };
}

const kept = new WeakMap<Database, Map<string, Promise<Kept>>>();
/** Each is up to some tens of kilobytes, with its years laid out. */
const MOST_KEPT = 200;
