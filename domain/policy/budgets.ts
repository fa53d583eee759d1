import { tiers, type Tier } from '../complaint/terms.js';
import type { ClockName, PlannedClock } from '../sla/clock.js';
import { DAY, duration } from '../time.js';
import type { Budget, LadderCause, LadderEntry, LadderEvent, Policy, Statute } from './schema.js';

// Types only from the schema: workflows use this file, and bundle no zod.

/** No budget is longer. */
export const LONGEST_MS = 3660 * DAY;

/** The budget of a clock in a tier: the tier's own, else the one for all tiers (L1.6, L1.7). */
export function budgetOf(policy: Policy, clock: PlannedClock, tier: Tier): Budget {
  const own = policy.tiers[tier];
  if (clock === 'response' || clock === 'resolution') return own[clock];
  return own[clock] ?? policy.clocks[clock];
}

/** Whether a budget is told in days of 24 hours, which only a clock that is around the clock can have (spec: sla). */
export function isInDays(budget: Budget): boolean {
  return typeof budget === 'string' && budget.includes('D');
}

/**
 * The calendar of a clock in a tier by its name, the nearest that the policy tells: the tier's for the clock, the tier's, the clock's,
 * its own. Null: around the clock.
 */
export function calendarNameOf(policy: Policy, clock: PlannedClock, tier: Tier): string | null {
  const own = policy.tiers[tier];
  const told = [own.calendars?.[clock], own.calendar, policy.calendars[clock], policy.calendar];
  return told.find((name) => name !== undefined) ?? null;
}

/** Every calendar that a policy names, once each. */
export function calendarNamesOf(policy: Policy): string[] {
  const parts = [policy, ...tiers.map((tier) => policy.tiers[tier])];
  const named = parts.flatMap(({ calendar, calendars = {} }) => [calendar, ...Object.values(calendars)]);
  const statutory = (policy.statutory ?? []).map(({ calendar }) => calendar);
  return [...new Set([...named, ...statutory].filter((name) => typeof name === 'string'))];
}

/** The regulators' limits of a policy, in its order. */
export function statutesOf({ statutory = [] }: Policy): Statute[] {
  return statutory;
}

/** How long a department may contest its share, in milliseconds (L2.5). */
export function contestWindowMs(policy: Policy): number {
  return duration(policy.contestWindow);
}

/** Attempts to reach the customer after a resolution (L1.11). */
export function followUpAttempts(policy: Policy): number {
  return policy.followUp.attempts;
}

/** Milliseconds from one follow-up attempt to the next, and from the last to giving up. */
export function followUpEveryMs(policy: Policy): number {
  return duration(policy.followUp.every);
}

/** Which dissatisfied follow-up raises the case: 2 is the second. */
export function dissatisfiedRaisesAt(policy: Policy): number {
  return policy.followUp.dissatisfiedRaisesAt;
}

/** The first cycle in which a final answer may be given. */
export function finalFromCycle(policy: Policy): number {
  return policy.followUp.finalFromCycle;
}

/** How long a clock may be held for this reason over all pauses of a cycle, in milliseconds; null when the policy has no such reason. */
export function pauseLimitMs(policy: Policy, reason: string): number | null {
  const limit = Object.hasOwn(policy.pause, reason) ? policy.pause[reason] : undefined;
  return limit === undefined ? null : duration(limit);
}

/** How long after a case another of the same customer and issue is its repeat, in milliseconds (L1.4). */
export function repeatWindowMs(policy: Policy): number {
  return duration(policy.repeat.window);
}

/** What the ladder says to a clock's warning or breach; empty when it raises nothing (L1.14). */
export function ladderFor(policy: Policy, clock: ClockName, on: LadderEvent): LadderEntry[] {
  return policy.ladder.filter((entry) => 'clock' in entry && entry.clock === clock && entry.on === on);
}

/** What the ladder says to a cause that is no clock; empty when it raises nothing (L1.14). */
export function ladderForCause(policy: Policy, cause: LadderCause): LadderEntry[] {
  return policy.ladder.filter((entry) => 'cause' in entry && entry.cause === cause);
}

/** The rung that handles a tier from its start. */
export function rungOf(policy: Policy, tier: Tier): number {
  return policy.tiers[tier].rung;
}

/** The highest rung a case of this tier is raised to. */
export function topOf(policy: Policy, tier: Tier): number {
  return policy.tiers[tier].top;
}
