import { plannedClocks, type PlannedClock } from '../sla/clock.js';
import { tiers, type Tier } from '../complaint/terms.js';
import { plus, type Instant } from '../time.js';
import type { Agreement } from './agreement.js';
import { followUpEveryMs, ladderFor, statutesOf } from './budgets.js';
import { worseningTiers } from './fill.js';
import type { Policy } from './schema.js';

export interface PolicyWarning {
  code: 'worse-tier-slower' | 'worse-tier-lower' | 'ladder-never-raises' | 'unacknowledged-stays' | 'follow-up-never-in-time' | 'statute-first' | 'statute-silent';
  /** one sentence that says what is odd */
  detail: string;
}

/** What is odd about a policy and does not hinder its publishing; clocks are compared as if they started `now` (spec: sla, policy). */
export function warningsOf(agreement: Agreement, now: Instant): PolicyWarning[] {
  const { policy } = agreement;
  return [
    ...slower(agreement, now), ...lower(policy), ...idle(policy), ...silent(policy), ...hasty(agreement, now), ...lawless(agreement, now),
  ];
}

/** When a clock that starts at `from` is due in a tier; null beyond the years that its calendar covers. */
export function dueFrom({ allowance, hours }: Agreement, clock: PlannedClock, tier: Tier, from: Instant): Instant | null {
  const { budgetMs, calendar } = allowance(clock, tier, from);
  return hours(calendar).after(from, budgetMs);
}

/** A worse tier with a longer budget than a milder one. */
function slower(agreement: Agreement, now: Instant): PolicyWarning[] {
  return worseningTiers.flatMap(([mild, worse]) => plannedClocks
    .filter((clock) => (dueFrom(agreement, clock, worse, now) ?? NEVER) > (dueFrom(agreement, clock, mild, now) ?? NEVER))
    .map((clock) => ({ code: 'worse-tier-slower' as const, detail: `A ${worse} case has more time for ${clock} than a ${mild} one.` })));
}

const NEVER: Instant = '9999-12-31T23:59:59.999Z';

/** A worse tier that starts or ends lower than a milder one. */
function lower(policy: Policy): PolicyWarning[] {
  return worseningTiers.flatMap(([mild, worse]) => (['rung', 'top'] as const)
    .filter((field) => policy.tiers[worse][field] < policy.tiers[mild][field])
    .map((field) => ({ code: 'worse-tier-lower' as const, detail: `The ${field} of a ${worse} case is below that of a ${mild} one.` })));
}

/** A step of the ladder to a rung that every tier starts at or above, or that lies above what it may be raised to. */
function idle(policy: Policy): PolicyWarning[] {
  const room = (to: number): boolean => tiers.some((tier) => policy.tiers[tier].rung < Math.min(to, policy.tiers[tier].top));
  const hasStatutes = statutesOf(policy).length > 0;
  return policy.ladder.flatMap((entry, i): PolicyWarning[] => {
    const odd = (why: string): PolicyWarning[] => [{ code: 'ladder-never-raises', detail: `Entry ${i + 1} of the ladder ${why}.` }];
    if ('clock' in entry && entry.clock === 'statutory' && !hasStatutes) return odd('waits for a regulator’s limit, and the policy has none');
    if (entry.to !== undefined && !room(entry.to)) return odd(`raises to ${entry.to}, where every tier starts at or above it or at its top`);
    return entry.to === undefined && !room(HIGHEST) ? odd('raises, and every tier starts at its top') : [];
  });
}

const HIGHEST = 3;

/** An escalation that nobody acknowledges goes no higher (L1.14). */
function silent(policy: Policy): PolicyWarning[] {
  if (ladderFor(policy, 'acknowledge', 'breach').length > 0) return [];
  return [{ code: 'unacknowledged-stays', detail: 'An escalation that nobody acknowledges is not raised: the ladder has no entry for a breach of acknowledge.' }];
}

/** The follow-up's clock runs out before its last attempt has had its time, so that an unanswered one is always late. */
function hasty(agreement: Agreement, now: Instant): PolicyWarning[] {
  const { policy } = agreement;
  const needed = plus(now, policy.followUp.attempts * followUpEveryMs(policy));
  return tiers.filter((tier) => (dueFrom(agreement, 'followUp', tier, now) ?? NEVER) < needed).map((tier) => ({
    code: 'follow-up-never-in-time',
    detail: `All attempts of the follow-up of a ${tier} case take longer than its budget.`,
  }));
}

/** A regulator's limit that passes while the promise to the customer still runs, or that nobody is told of. */
function lawless(agreement: Agreement, now: Instant): PolicyWarning[] {
  const { policy, hours, within } = agreement;
  const statutes = statutesOf(policy);
  const first = statutes.flatMap((statute) => {
    const { budgetMs, calendar } = within(statute, now);
    const due = hours(calendar).after(now, budgetMs) ?? NEVER;
    return tiers.filter((tier) => (dueFrom(agreement, 'resolution', tier, now) ?? NEVER) > due)
      .map((tier) => ({ code: 'statute-first' as const, detail: `The limit of ${statute.name} passes before a ${tier} case has to be resolved.` }));
  });
  if (statutes.length === 0 || ladderFor(policy, 'statutory', 'breach').length > 0) return first;
  return [...first, { code: 'statute-silent', detail: 'A case that passes a regulator’s limit is not raised: the ladder has no entry for a breach of statutory.' }];
}
