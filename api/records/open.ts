import { whatIf } from '../../engine/whatIf.js';
import { dryRun } from '../../engine/policyMigrations.js';
import { beginMigration, migrationById } from '../../prisma/policyMigrations.js';
import { KeyReused } from '../../engine/failure.js';
import { onDuty } from '../../prisma/onDuty.js';
import { listRosters, publishRoster, rosterOf } from '../../prisma/rosters.js';
import { hoursOfCase, hoursOfNames, pinnedWith, versionsNow } from '../../prisma/agreements.js';
import { calendarByName, listCalendars, publishCalendar } from '../../prisma/calendars.js';
import { complaintById, complaintByTrackingCode, complaintsByIds, listComplaints } from '../../prisma/complaints.js';
import type { Database } from '../../prisma/database.js';
import { eventPage, eventsUpTo } from '../../prisma/events.js';
import { intentByKey } from '../../prisma/intents.js';
import { investigationById, listInvestigations } from '../../prisma/investigations.js';
import { findKey } from '../../prisma/keys.js';
import { createPeople } from '../../prisma/people.js';
import { currentPolicy, policiesNaming, policyByName, publishPolicy, type PolicyVersion } from '../../prisma/policies.js';
import { readTaxonomies } from '../../prisma/taxonomies.js';
import type { Vault } from '../../prisma/vault.js';
import type { PublishedPolicy } from '../../domain/policy/schema.js';
import type { Lists, Records } from './records.js';

/** Lists change seldom; a change counts after this long at the latest. */
const LISTS_KEPT_MS = 5_000;

/** Binds what the API asks of Postgres to the lines that speak SQL. */
export function openRecords(database: Database, vault: Vault): Records {
  const people = createPeople({ database, vault });
  const lists = kept(LISTS_KEPT_MS, () => readTaxonomies(database));

  return {
    lists,
    complaint: (id) => complaintById(database, id),
    complaintsOf: (ids) => complaintsByIds(database, ids),
    complaintByTracking: (code) => complaintByTrackingCode(database, vault, code),
    complaints: (list) => listComplaints(database, list),
    events: (id, page) => eventPage(database, 'complaint', id, page),
    course: (id) => eventsUpTo(database, 'complaint', id),
    investigation: async (id) => (await investigationById(database, id))?.state ?? null,
    async investigations(list) {
      const { items, next } = await listInvestigations(database, list);
      return { items: items.map((row) => row.state), next };
    },
    currentPolicy: async () => published(await currentPolicy(database)),
    async policy(name, version) {
      const found = await policyByName(database, name, version);
      return found && published(found);
    },
    calendars: (list) => listCalendars(database, list),
    calendar: (name, version) => calendarByName(database, name, version),
    async publishCalendar(calendar, by, key) {
      return unlessReused(await publishCalendar(database, calendar, by, key));
    },
    hours: (state) => hoursOfCase(database, state),
    policiesNaming: (calendar) => policiesNaming(database, calendar),
    pinned: async (policy, now) => pinnedWith(database, policy, await versionsNow(database, policy), now),
    async dryRun({ version, ...rules }, { from, cursor, limit }, now) {
      const target = { policy: { name: rules.name, version }, rules, calendars: await versionsNow(database, rules) };
      return dryRun(database, target, from, { after: cursor, limit }, now);
    },
    async migrate({ version, ...rules }, from, by, key) {
      const calendars = await versionsNow(database, rules);
      return unlessReused(await beginMigration(database, { policy: { name: rules.name, version }, calendars, from, by }, key));
    },
    whatIf: async ({ version: _version, ...policy }, filter, page, now) =>
      whatIf(database, { policy, calendars: await versionsNow(database, policy) }, filter, page, now),
    migration: (id) => migrationById(database, id),
    rosters: () => listRosters(database),
    roster: (name, version) => rosterOf(database, name, version),
    publishRoster: async (roster, by, key) => unlessReused(await publishRoster(database, roster, by, key)),
    onDuty: (post, at) => onDuty(database, post, at),
    hoursOfCalendars: (names) => hoursOfNames(database, [...new Set(names.filter((name) => name !== null))]),
    isUsed: async ({ digest }) => (await intentByKey(database, digest)) !== null,
    async publish(policy, by, key) {
      return published(unlessReused(await publishPolicy(database, policy, by, key)));
    },
    people: (given) => (given.length === 0 ? Promise.resolve(new Map()) : people.peopleExist([...given])),
    asKept: people.asKept,
    async seen({ sub, roles, department, rung }) {
      const person = await people.seen(sub, roles, department ?? null, rung ?? null);
      return person.sub;
    },
    isDepartment: async (code) => (await lists()).department.some((one) => one.code === code),
    channelOf: async (secret) => (await findKey(database, secret))?.sub ?? null,
    async ping() {
      await database.query`SELECT 1`;
    },
  };
}

function unlessReused<T>(done: T | 'reused'): T {
  if (done === 'reused') throw new KeyReused('The key was used for another body.');
  return done;
}

function published({ policy, version }: PolicyVersion): PublishedPolicy {
  return { ...policy, version };
}

/** Reads again only after `ms`; several who ask at once wait for one answer. */
function kept(ms: number, read: () => Promise<Lists>): () => Promise<Lists> {
  let last: { until: number; value: Promise<Lists> } | null = null;
  return () => {
    const now = Date.now();
    if (last === null || now >= last.until) {
      const value = read();
      last = { until: now + ms, value };
      value.catch(() => (last = null));
    }
    return last.value;
  };
}
