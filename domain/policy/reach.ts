import { tiers } from '../complaint/terms.js';
import { plannedClocks } from '../sla/clock.js';
import type { Instant } from '../time.js';
import { agreementOf, type Pinned } from './agreement.js';
import { calendarNameOf, statutesOf } from './budgets.js';
import { dueFrom } from './check.js';
import { budgetPath, bytesOf, MOST_BYTES, oncePerPath, type Fault } from './faults.js';
import type { Policy } from './schema.js';

/**
 * What is wrong with a policy together with its calendars, for a case that is received at `now`: a budget that their years do not
 * reach, or more of both than a history should carry. Empty for one that can be published.
 */
export function faultsWithCalendars(pinned: Pinned, now: Instant): Fault[] {
  const { policy, calendars = {} } = pinned;
  const agreement = agreementOf(pinned);
  const short = tiers.flatMap((tier) => plannedClocks.flatMap((clock): Fault[] => {
    if (dueFrom(agreement, clock, tier, now) !== null) return [];
    const message = `is not used up in the years that the calendar ${calendarNameOf(policy, clock, tier) ?? ''} covers: publish its next version first`;
    return [{ path: budgetPath(policy, clock, tier), message }];
  }));
  const { hours, within } = agreement;
  const statutes = statutesOf(policy).flatMap((statute, i): Fault[] => {
    const { budgetMs, calendar } = within(statute, now);
    const message = `is not used up in the years that the calendar ${statute.calendar ?? ''} covers`;
    let due = hours(calendar).after(now, budgetMs);
    if (due === null) return [{ path: ['statutory', i, 'within'], message }];
    for (const [n, extension] of (statute.extensions ?? []).entries()) {
      due = agreement.extended(statute, extension, { from: now, due });
      if (due === null) return [{ path: ['statutory', i, 'extensions', n], message }];
    }
    return [];
  });
  const bytes = bytesOf(policy) + bytesOf(calendars);
  const large = bytes < MOST_BYTES ? [] : [{ path: ['calendar'], message: `policy and calendars of a case must be under ${MOST_BYTES} bytes, not ${bytes}: let them cover fewer years` }];
  return [...oncePerPath(short), ...statutes, ...large];
}

/** Where a policy names a calendar first. */
export function pathOfCalendar(policy: Policy, name: string): string[] {
  const named = (part: Pick<Policy, 'calendars'> | { calendars?: Policy['calendars'] | undefined }) => plannedClocks.find((clock) => part.calendars?.[clock] === name);
  if (policy.calendar === name) return ['calendar'];
  const clock = named(policy);
  if (clock) return ['calendars', clock];
  const tier = tiers.find((one) => policy.tiers[one].calendar === name || named(policy.tiers[one]));
  const statute = statutesOf(policy).findIndex(({ calendar }) => calendar === name);
  if (!tier) return statute < 0 ? [] : ['statutory', String(statute), 'calendar'];
  return policy.tiers[tier].calendar === name ? ['tiers', tier, 'calendar'] : ['tiers', tier, 'calendars', named(policy.tiers[tier]) ?? ''];
}
