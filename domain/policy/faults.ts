import { tiers, type Tier } from '../complaint/terms.js';
import { plannedClocks, type PlannedClock } from '../sla/clock.js';
import { budgetOf, calendarNameOf, isInDays, statutesOf } from './budgets.js';
import { duration } from '../time.js';
import { canFire } from './fill.js';
import type { Budget, LadderEntry, Policy } from './schema.js';

export interface Fault {
  path: (string | number)[];
  message: string;
}

/** Policy and calendar of a case travel in its history and stay under 4 KB together (design: rules of the engine). */
export const MOST_BYTES = 4096;

/** What is wrong with a policy whose fields are each valid: rules between fields. Empty for one that can be published. */
export function faultsOf(policy: Policy): Fault[] {
  return [ofTiers, ofBudgets, ofStatutes, ofWarnings, ofLadder, ofWhys, ofSize].flatMap((faults) => faults(policy));
}

function ofTiers(policy: Policy): Fault[] {
  return tiers.filter((tier) => policy.tiers[tier].top < policy.tiers[tier].rung)
    .map((tier) => ({ path: ['tiers', tier, 'top'], message: `must not be below the tier's rung ${policy.tiers[tier].rung}` }));
}

/** Days of 24 hours are for clocks around the clock, business days for those on a calendar (spec: sla). */
function ofBudgets(policy: Policy): Fault[] {
  return oncePerPath(tiers.flatMap((tier) => plannedClocks.flatMap((clock): Fault[] => {
    const budget = budgetOf(policy, clock, tier);
    const calendar = calendarNameOf(policy, clock, tier);
    const path = budgetPath(policy, clock, tier);
    if (calendar !== null && isInDays(budget)) {
      return [{ path, message: `counts days of 24 hours, and is on the calendar ${calendar}: give hours or {"businessDays": …}, or put the clock around the clock (null)` }];
    }
    if (calendar === null && typeof budget !== 'string') return [{ path, message: 'is in business days, which need a calendar' }];
    return [];
  })));
}

/** What several tiers share is told once. */
export function oncePerPath(faults: readonly Fault[]): Fault[] {
  return faults.filter((fault, n) => faults.findIndex((other) => other.path.join() === fault.path.join()) === n);
}

/** Budgets of a regulator's limit suit its calendar; it has a name of its own, and each extension says how much. */
function ofStatutes(policy: Policy): Fault[] {
  return statutesOf(policy).flatMap(({ name, within, calendar = null, extensions = [] }, i) => {
    const path = ['statutory', i];
    const budgets: [string[], Budget | undefined][] = [[['within'], within], ...extensions.flatMap(({ to, by }, n): [string[], Budget | undefined][] =>
      [[['extensions', String(n), 'to'], to], [['extensions', String(n), 'by'], by]])];
    return [
      ...(statutesOf(policy).findIndex((other) => other.name === name) < i ? [{ path: [...path, 'name'], message: `${name} is there twice` }] : []),
      ...budgets.flatMap(([at, budget]) => {
        if (budget === undefined || (calendar === null ? typeof budget === 'string' : !isInDays(budget))) return [];
        return [{ path: [...path, ...at], message: calendar === null ? 'is in business days, which need a calendar' : `counts days of 24 hours, and is on the calendar ${calendar}` }];
      }),
      ...extensions.flatMap(({ name: own, to, by }, n) => [
        ...(to !== undefined && isShorter(to, [within, ...extensions.slice(0, n).map((one) => one.to)])
          ? [{ path: [...path, 'extensions', n, 'to'], message: 'must be longer than the limit before it: it is counted from the receipt' }] : []),
        ...((to === undefined) === (by === undefined) ? [{ path: [...path, 'extensions', n], message: 'needs either to or by' }] : []),
        ...(extensions.findIndex((other) => other.name === own) < n ? [{ path: [...path, 'extensions', n, 'name'], message: `${own} is there twice` }] : []),
      ]),
    ];
  });
}

/** Whether a limit is no longer than one before it, where they are told in the same unit. */
function isShorter(to: Budget, before: readonly (Budget | undefined)[]): boolean {
  return before.some((one) => {
    if (typeof to === 'string') return typeof one === 'string' && duration(to) <= duration(one);
    return typeof one === 'object' && to.businessDays <= one.businessDays;
  });
}

/** Where the policy tells the budget of a clock in a tier. */
export function budgetPath(policy: Policy, clock: PlannedClock, tier: Tier): string[] {
  return Object.hasOwn(policy.tiers[tier], clock) ? ['tiers', tier, clock] : ['clocks', clock];
}

function ofWarnings({ warnAt }: Policy): Fault[] {
  return warnAt.flatMap((percent, i) => (warnAt.indexOf(percent) < i ? [{ path: ['warnAt', i], message: `${percent} is there twice` }] : []));
}

function ofLadder({ ladder, warnAt }: Policy): Fault[] {
  return ladder.flatMap((entry, i) => {
    const faults: Fault[] = [];
    if ((entry.raise === undefined) === (entry.to === undefined)) faults.push({ path: ['ladder', i], message: 'needs either raise or to' });
    if (!canFire(entry, warnAt)) faults.push({ path: ['ladder', i, 'on'], message: `must be breach or a warning of warnAt (${warnAt.join(', ') || 'none'})` });
    if (ladder.findIndex((other) => triggerOf(other) === triggerOf(entry)) < i) faults.push({ path: ['ladder', i], message: `has the same trigger as an entry before it: ${triggerOf(entry)}` });
    return faults;
  });
}

function triggerOf(entry: LadderEntry): string {
  return 'clock' in entry ? `${entry.clock} ${entry.on}` : entry.cause;
}

function ofWhys({ whys }: Policy): Fault[] {
  return whys.most < whys.least ? [{ path: ['whys', 'most'], message: `must not be below least, ${whys.least}` }] : [];
}

/** How many bytes something takes as JSON, in UTF-8. */
export function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function ofSize(policy: Policy): Fault[] {
  const bytes = bytesOf(policy);
  return bytes < MOST_BYTES ? [] : [{ path: [], message: `must be under ${MOST_BYTES} bytes, not ${bytes}: shorten the ladder or the reasons to pause` }];
}
