import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { decideMigration, type Migrate } from '../domain/complaint/migration.js';
import { fold } from '../domain/complaint/evolve.js';
import { calendarIdsOf } from '../domain/complaint/standing.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { CalendarVersions } from '../domain/policy/agreement.js';
import type { Policy } from '../domain/policy/schema.js';
import { readRecord, type Clock } from '../domain/sla/clock.js';
import type { Hours } from '../domain/sla/openTime.js';
import type { Instant } from '../domain/time.js';
import { agreementWith } from '../prisma/agreements.js';
import type { Database } from '../prisma/database.js';
import { pinnedPolicy } from '../prisma/policies.js';
import { askNextCases, casesToMigrate } from '../prisma/policyMigrations.js';
import type { UnderPolicy } from '../prisma/underPolicy.js';
import { startRepeating, type Repeating } from './repeating.js';

/** What a migration would do to a case: the due date of every clock that runs, before and after. */
export interface DryRunCase {
  complaint: string;
  version: number;
  /** why the case would not be migrated; null when it would */
  refused: string | null;
  clocks: { id: string; name: Clock['name']; dueAt: { before: Instant | null; after: Instant | null }; breaches: boolean }[];
}

export interface Target {
  policy: { name: string; version: number };
  rules: Policy;
  calendars: CalendarVersions;
}

/** Tries a migration on the next open cases, by the rule that the cases themselves go by, and changes nothing (spec: sla, policy). */
export async function dryRun(
  database: Database, target: Target, from: UnderPolicy, page: { after: string | null; limit: number }, now: Instant,
): Promise<{ items: DryRunCase[]; next: string | null }> {
  const { items: cases, next } = await casesToMigrate(database, from, page);
  const items: DryRunCase[] = [];
  for (const { state } of cases) {
    items.push(await tryOne(database, target, state, now));
    // others want to be served meanwhile
    await setImmediate();
  }
  return { items, next };
}

async function tryOne(database: Database, target: Target, state: Complaint, now: Instant): Promise<DryRunCase> {
  const { policy, rules, calendars } = target;
  const ids = calendarIdsOf(state);
  const held = await pinnedPolicy(database, state.policy.name, state.policy.version);
  const current = await agreementWith(database, held.policy, state.calendars ?? {}, ids);
  const next = await agreementWith(database, rules, calendars, ids);
  const id = randomUUID();
  const command: Migrate = {
    id, name: 'migrate', at: now, by: 'system', role: 'system', rung: null, department: null,
    data: { migration: id, policy, ...(Object.keys(calendars).length > 0 && { calendars }) },
  };
  const decision = decideMigration(state, command, { current, next }, now);
  if ('refusal' in decision) return { complaint: state.id, version: state.version, refused: decision.refusal.code, clocks: [] };
  const after = fold(state.id, decision.events, state) ?? state;
  const clocks = moved(state, after, { before: current.hours, after: next.hours }, now);
  return { complaint: state.id, version: state.version, refused: null, clocks };
}

/** Clocks that run, or that the migration starts or takes back. */
function moved(before: Complaint, after: Complaint, hours: { before: Hours; after: Hours }, now: Instant): DryRunCase['clocks'] {
  return after.clocks.flatMap((clock) => {
    const earlier = before.clocks.find(({ id }) => id === clock.id);
    if (earlier && earlier.end !== null) return [];
    const was = earlier ? readRecord(earlier, hours.before, now) : null;
    const becomes = readRecord(clock, hours.after, now);
    const dueAt = { before: was?.dueAt ?? null, after: clock.end === null ? becomes.dueAt : null };
    return [{ id: clock.id, name: clock.name, dueAt, breaches: becomes.breachedAt !== null && (was === null || was.breachedAt === null) }];
  });
}

/** Asks the cases of migrations, some at a time, and no more while many have not answered. Every worker may: each case is asked once. */
export function startMigrations(
  { database, everyMs, onFailure }: { database: Database; everyMs: number; onFailure: (error: unknown) => void },
): Repeating {
  return startRepeating(everyMs, async (isStopped) => {
    while (!isStopped() && (await askNextCases(database, AT_ONCE)) !== null);
  }, onFailure);
}

const AT_ONCE = 100;
