import { tiers, type Tier } from '../complaint/terms.js';
import { clockNames, type ClockName } from '../sla/clock.js';
import { budgetOf, calendarNameOf, isInDays } from './budgets.js';
import { canFire } from './fill.js';
import type { LadderEntry, Policy } from './schema.js';

export interface Fault {
  path: (string | number)[];
  message: string;
}

/** Policy and calendar of a case travel in its history and stay under 4 KB together (design: rules of the engine). */
export const MOST_BYTES = 4096;

/** What is wrong with a policy whose fields are each valid: rules between fields. Empty for one that can be published. */
export function faultsOf(policy: Policy): Fault[] {
  return [...ofTiers(policy), ...ofBudgets(policy), ...ofWarnings(policy), ...ofLadder(policy), ...ofWhys(policy), ...ofSize(policy)];
}

function ofTiers(policy: Policy): Fault[] {
  return tiers.filter((tier) => policy.tiers[tier].top < policy.tiers[tier].rung)
    .map((tier) => ({ path: ['tiers', tier, 'top'], message: `must not be below the tier's rung ${policy.tiers[tier].rung}` }));
}

/** Days of 24 hours are for clocks around the clock, business days for those on a calendar (spec: sla). */
function ofBudgets(policy: Policy): Fault[] {
  return tiers.flatMap((tier) => clockNames.flatMap((clock): Fault[] => {
    const budget = budgetOf(policy, clock, tier);
    const calendar = calendarNameOf(policy, clock, tier);
    const path = budgetPath(policy, clock, tier);
    if (calendar !== null && isInDays(budget)) {
      return [{ path, message: `counts days of 24 hours, and is on the calendar ${calendar}: give hours or {"businessDays": …}, or put the clock around the clock (null)` }];
    }
    if (calendar === null && typeof budget !== 'string') return [{ path, message: 'is in business days, which need a calendar' }];
    return [];
  })).filter((fault, n, all) => all.findIndex((other) => other.path.join() === fault.path.join()) === n);
}

/** Where the policy tells the budget of a clock in a tier. */
export function budgetPath(policy: Policy, clock: ClockName, tier: Tier): string[] {
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

function ofSize(policy: Policy): Fault[] {
  const bytes = JSON.stringify(policy).length;
  return bytes < MOST_BYTES ? [] : [{ path: [], message: `must be under ${MOST_BYTES} bytes, not ${bytes}: shorten the ladder or the reasons to pause` }];
}
