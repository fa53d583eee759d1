import type { Agreement } from '../policy/agreement.js';
import { statutesOf } from '../policy/budgets.js';
import type { Policy, Statute } from '../policy/schema.js';
import {
  cancelClock,
  pauseClock,
  rebudgetClock,
  resumeClock,
  startClock,
  stopClock,
  type Allowance,
  type Clock,
  type ClockChange,
  type ClockName,
  type PlannedClock,
  type ClockScope,
} from '../sla/clock.js';
import type { Instant } from '../time.js';
import type { Course } from './course.js';
import { FRONT_LINE, tiers, type Tier } from './terms.js';

const scopes: Record<ClockName, ClockScope> = {
  response: 'service',
  resolution: 'service',
  followUp: 'service',
  dispatch: 'internal',
  plan: 'internal',
  acknowledge: 'internal',
  attribution: 'internal',
  cause: 'internal',
  statutory: 'statutory',
};

/** Where a new clock hangs: on the request or escalation it belongs to, else it is numbered within its name. */
interface Instance {
  /** a tier that the case is about to have */
  tier?: Tier;
  cycle?: number;
  request?: string;
  escalation?: string;
}

/** Starts a clock with the budget of the case's tier (spec: sla, the clocks of a complaint). */
export function starting(course: Course, name: PlannedClock, at: Instant, instance: Instance = {}): ClockChange {
  const { state, agreement } = course;
  return startingAs(agreement, instance.tier ?? state.tier, {
    name,
    at,
    cycle: instance.cycle ?? state.cycle,
    request: instance.request ?? null,
    id: `${name}-${instance.request ?? instance.escalation ?? state.clocks.filter((clock) => clock.name === name).length + 1}`,
  });
}

/** As `starting`, for a case that does not stand yet. */
export function startingAs(
  agreement: Agreement,
  tier: Tier,
  clock: { id: string; name: PlannedClock; at: Instant; cycle: number; request: string | null },
): ClockChange {
  return startingWith(agreement, clock, agreement.allowance(clock.name, tier, clock.at));
}

/** Starts the clock of each regulator's limit (spec: sla, scope statutory): once for a case, and anew when a withdrawal is taken back. */
export function startingStatutes(agreement: Agreement, at: Instant, cycle: number, known: readonly Clock[] = []): ClockChange[] {
  return statutesOf(agreement.policy).map((statute) => {
    const earlier = known.filter((clock) => statuteOfClock(agreement.policy, clock)?.name === statute.name).length;
    const clock = { id: `statutory-${statute.name}-${earlier + 1}`, name: 'statutory' as const, at, cycle, request: null };
    return startingWith(agreement, clock, agreement.within(statute, at));
  });
}

/** The regulator's limit that a clock is of; undefined when the policy has none such. */
export function statuteOfClock(policy: Policy, { id }: Pick<Clock, 'id'>): Statute | undefined {
  return statutesOf(policy).find(({ name }) => id.slice(0, id.lastIndexOf('-')) === `statutory-${name}`);
}

function startingWith(
  { policy, hours }: Agreement,
  clock: { id: string; name: ClockName; at: Instant; cycle: number; request: string | null },
  { budgetMs, calendar }: Allowance,
): ClockChange {
  return startClock(
    {
      scope: scopes[clock.name],
      pausable: clock.name === 'resolution',
      budgetMs,
      warnAt: policy.warnAt,
      ...clock,
      ...(calendar === null ? {} : { calendar }),
    },
    hours,
  );
}

/** Ends every clock of these names that has not ended. */
export function stopping(course: Course, names: readonly ClockName[], at: Instant, request?: string): ClockChange[] {
  return running(course, names, request).map((clock) => stopClock(clock, at, course.agreement.hours));
}

/** Takes back every clock of these names that has not ended: it will not be met nor breached any more. */
export function cancelling(course: Course, names: readonly ClockName[], at: Instant): ClockChange[] {
  return running(course, names).map((clock) => cancelClock(clock, at, course.agreement.hours));
}

/** Holds the clocks that may be held, from `at` (spec: sla, pausing). */
export function pausing(course: Course, at: Instant): ClockChange[] {
  return pausable(course).map((clock) => pauseClock(clock, at, course.agreement.hours));
}

/** Lets the held clocks go on from `at`, which may lie back at the instant the customer wrote. */
export function resuming(course: Course, at: Instant): ClockChange[] {
  return pausable(course).map((clock) => resumeClock(clock, at, course.agreement.hours));
}

/** The budgets of a new tier on every clock that still runs; what is used stays used (spec: sla, policy). */
export function rebudgeting(course: Course, tier: Tier, at: Instant): ClockChange[] {
  const { agreement } = course;
  const direction = tiers.indexOf(tier) > tiers.indexOf(course.state.tier) ? 'raised' : 'lowered';
  return course.state.clocks
    .filter((clock) => clock.end === null)
    .map((clock) => {
      // a regulator's limit knows no tiers
      if (clock.name === 'statutory') return null;
      return rebudgetClock(clock, agreement.allowance(clock.name, tier, clock.startedAt), at, agreement.hours, direction);
    })
    .filter((change) => change !== null);
}

/** Whether a case for this department must be handed over: the department is not the owner's (L1.7). */
export function isElsewhere(department: string | null, ownerDepartment: string | null): department is string {
  return department !== null && department !== (ownerDepartment ?? FRONT_LINE);
}

function pausable(course: Course): Clock[] {
  return course.state.clocks.filter((clock) => clock.end === null && clock.pausable);
}

function running(course: Course, names: readonly ClockName[], request?: string): Clock[] {
  return course.state.clocks.filter(
    (clock) => clock.end === null && names.includes(clock.name) && (request === undefined || clock.request === request),
  );
}
