import { describe, expect, it } from 'vitest';
import { tiers } from '../../domain/complaint/terms.js';
import {
  contestWindowMs, dissatisfiedRaisesAt, finalFromCycle, followUpAttempts, followUpEveryMs, ladderFor, ladderForCause, pauseLimitMs,
  repeatWindowMs, rungOf, topOf,
} from '../../domain/policy/budgets.js';
import { agreementOf } from '../../domain/policy/agreement.js';
import { warningsOf as oddities } from '../../domain/policy/check.js';
import { defaultPolicy } from '../../domain/policy/default.js';
import { Policy } from '../../domain/policy/schema.js';
import type { Tier } from '../../domain/complaint/terms.js';
import { plannedClocks, type PlannedClock } from '../../domain/sla/clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = '2026-11-02T00:00:00.000Z';
const budgetMs = (policy: Policy, clock: PlannedClock, tier: Tier) => agreementOf({ policy }).allowance(clock, tier, now).budgetMs;
const warningsOf = (policy: Policy) => oddities(agreementOf({ policy }), now);
const bare = { name: 'bare', tiers: { general: {}, serious: {}, urgent: {} } };
const changed = (change: object) => ({ ...structuredClone(defaultPolicy), ...change });
const inTier = (tier: keyof Policy['tiers'], change: object) => changed({ tiers: { ...defaultPolicy.tiers, [tier]: { ...defaultPolicy.tiers[tier], ...change } } });

function faults(body: unknown): string[] {
  const { error } = Policy.safeParse(body);
  return (error?.issues ?? []).map((issue) => [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys : [])].join('.'));
}

describe('the standard policy', () => {
  it('is valid and complete as it stands', () => expect(Policy.parse(defaultPolicy)).toEqual(defaultPolicy));
  it('is what holds where nothing is said', () => expect(Policy.parse(bare)).toEqual({ ...defaultPolicy, name: 'bare' }));
  it('is plain data under 4 KB', () => {
    expect(JSON.parse(JSON.stringify(defaultPolicy))).toEqual(defaultPolicy);
    expect(JSON.stringify(defaultPolicy).length).toBeLessThan(4096);
  });
  it('warns of nothing but that a serious case is slower than a general one', () => {
    expect(warningsOf(defaultPolicy)).toEqual([
      { code: 'worse-tier-slower', detail: 'A serious case has more time for response than a general one.' },
      { code: 'worse-tier-slower', detail: 'A serious case has more time for resolution than a general one.' },
    ]);
  });
});

describe('what is left out', () => {
  it('a top is the tier\'s standard one, and never below its rung', () => {
    const { tiers: filled } = Policy.parse({ ...bare, tiers: { general: { rung: 3 }, serious: { rung: 2 }, urgent: {} } });
    expect([filled.general.top, filled.serious.top, filled.urgent.top]).toEqual([3, 3, 3]);
  });
  it('an urgent case\'s own plan and acknowledge give way to a budget the policy names for all', () => {
    const policy = Policy.parse({ ...bare, clocks: { plan: 'PT2S' } });
    expect(budgetMs(policy, 'plan', 'urgent')).toBe(2000);
    expect(budgetMs(policy, 'acknowledge', 'urgent')).toBe(5 * MINUTE);
  });
  it('the ladder is the standard one without steps for warnings that are not given', () => {
    const { ladder } = Policy.parse({ ...bare, warnAt: [50] });
    expect(ladder).toEqual(defaultPolicy.ladder.filter((entry) => !('on' in entry) || entry.on === 'breach'));
  });
  it('one end of the whys follows the other', () => {
    expect(Policy.parse({ ...bare, whys: { least: 10 } }).whys).toEqual({ least: 10, most: 10 });
    expect(Policy.parse({ ...bare, whys: { most: 2 } }).whys).toEqual({ least: 2, most: 2 });
  });
  it('pause reasons that are given are all there are', () => expect(Policy.parse({ ...bare, pause: {} }).pause).toEqual({}));
});

describe('a policy is refused', () => {
  it.each<[string, string, unknown]>([
    ['without a name', 'name', { tiers: bare.tiers }],
    ['with a name that is no code', 'name', { ...bare, name: 'my policy' }],
    ['with an unknown field', 'colour', { ...bare, colour: 'red' }],
    ['with a version, which publishing gives', 'version', { ...bare, version: 3 }],
    ['without tiers', 'tiers', { name: 'x' }],
    ['without one of the tiers', 'tiers.urgent', { ...bare, tiers: { general: {}, serious: {} } }],
    ['with another tier', 'tiers.mild', { ...bare, tiers: { ...bare.tiers, mild: {} } }],
    ['with an unknown field in a tier', 'tiers.general.speed', inTier('general', { speed: 1 })],
    ['with a budget that is no duration', 'tiers.general.response', inTier('general', { response: '30m' })],
    ['with a budget in months', 'tiers.general.response', inTier('general', { response: 'P1M' })],
    ['with a budget below a second', 'tiers.general.response', inTier('general', { response: 'PT0S' })],
    ['with a budget of parts of a second', 'tiers.general.response', inTier('general', { response: 'PT0.5S' })],
    ['with a budget beyond ten years', 'clocks.cause', changed({ clocks: { cause: 'P4000D' } })],
    ['with a budget in business days around the clock', 'clocks.cause', changed({ clocks: { cause: { businessDays: 5 } } })],
    ['with a budget of no business day', 'clocks.cause.businessDays', changed({ calendar: 'cn', clocks: { cause: { businessDays: 0 } } })],
    ['with a budget in days of 24 hours on a calendar', 'tiers.general.resolution', { ...inTier('general', { resolution: 'P1D' }), calendars: { resolution: 'cn' } }],
    ['with a calendar for an unknown clock', 'calendars.lunch', changed({ calendars: { lunch: 'cn' } })],
    ['with a calendar that is no name', 'calendar', changed({ calendar: 'my calendar' })],
    ['with an unknown clock', 'clocks.lunch', changed({ clocks: { lunch: 'PT1H' } })],
    ['with a rung above 3', 'tiers.general.rung', inTier('general', { rung: 4, top: 4 })],
    ['with a top below the rung', 'tiers.serious.top', inTier('serious', { rung: 2, top: 1 })],
    ['with a warning at 100 percent', 'warnAt.0', changed({ warnAt: [100] })],
    ['with a warning of a part', 'warnAt.0', changed({ warnAt: [50.5] })],
    ['with a warning twice', 'warnAt.3', changed({ warnAt: [50, 75, 90, 50] })],
    ['with a ladder on a warning that is not given', 'ladder.0.on', changed({ ladder: [{ clock: 'response', on: 'warning:60', raise: 1 }] })],
    ['with a ladder on something else', 'ladder.0', changed({ ladder: [{ clock: 'response', on: 'pause', raise: 1 }] })],
    ['with a ladder for an unknown clock', 'ladder.0', changed({ ladder: [{ clock: 'lunch', on: 'breach', raise: 1 }] })],
    ['with a ladder for an unknown cause', 'ladder.0', changed({ ladder: [{ cause: 'rain', raise: 1 }] })],
    ['with a ladder that leads nowhere', 'ladder.0', changed({ ladder: [{ cause: 'media' }] })],
    ['with a ladder that leads two ways', 'ladder.0', changed({ ladder: [{ cause: 'media', raise: 1, to: 2 }] })],
    ['with a ladder to rung 4', 'ladder.0.to', changed({ ladder: [{ cause: 'media', to: 4 }] })],
    ['with two entries for one trigger', 'ladder.1', changed({ ladder: [{ cause: 'media', to: 2 }, { cause: 'media', raise: 1 }] })],
    ['with no follow-up attempt', 'followUp.attempts', changed({ followUp: { attempts: 0 } })],
    ['with a pause that is no duration', 'pause.customer_information', changed({ pause: { customer_information: 14 } })],
    ['with a pause reason in words', 'pause.Waiting for parts', changed({ pause: { 'Waiting for parts': 'P1D' } })],
    ['with fewer whys at most than at least', 'whys.most', changed({ whys: { least: 5, most: 4 } })],
    ['when it is too large to travel', '', changed({ pause: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`reason_${i}_${'x'.repeat(30)}`, 'P1D'])) })],
    ['when it is no object', '', 'default'],
  ])('%s', (_name, path, body) => expect(faults(body)).toContain(path));
});

describe('publishing warns', () => {
  const codes = (body: unknown) => warningsOf(Policy.parse(body)).map((warning) => warning.code);
  const sound = inTier('serious', { response: 'PT20M', resolution: 'PT12H' });

  it('of nothing in a sound policy', () => expect(codes(sound)).toEqual([]));
  it.each([
    ['worse-tier-slower', { ...sound, tiers: { ...sound.tiers, urgent: { ...sound.tiers.urgent, plan: 'PT3H' } } }],
    ['worse-tier-lower', { ...sound, tiers: { ...sound.tiers, urgent: { ...sound.tiers.urgent, rung: 0 } } }],
    ['ladder-never-raises', { ...sound, tiers: { general: { ...sound.tiers.general, rung: 2 }, serious: { ...sound.tiers.serious, rung: 2 }, urgent: sound.tiers.urgent } }],
    ['unacknowledged-stays', { ...sound, ladder: [] }],
    ['follow-up-never-in-time', { ...sound, followUp: { attempts: 4 } }],
  ])('of %s', (code, body) => expect(codes(body)).toContain(code));
});

describe('what a policy gives', () => {
  it.each<[string, number, number]>([
    ['response of a general case', budgetMs(defaultPolicy, 'response', 'general'), 30 * MINUTE],
    ['response of a serious case', budgetMs(defaultPolicy, 'response', 'serious'), HOUR],
    ['response of an urgent case', budgetMs(defaultPolicy, 'response', 'urgent'), 10 * MINUTE],
    ['resolution of an urgent case', budgetMs(defaultPolicy, 'resolution', 'urgent'), 2 * HOUR],
    ['dispatch', budgetMs(defaultPolicy, 'dispatch', 'general'), 10 * MINUTE],
    ['plan', budgetMs(defaultPolicy, 'plan', 'serious'), 2 * HOUR],
    ['plan of an urgent case', budgetMs(defaultPolicy, 'plan', 'urgent'), 30 * MINUTE],
    ['acknowledge of an urgent case', budgetMs(defaultPolicy, 'acknowledge', 'urgent'), 5 * MINUTE],
    ['attribution', budgetMs(defaultPolicy, 'attribution', 'general'), 5 * DAY],
    ['cause', budgetMs(defaultPolicy, 'cause', 'general'), 30 * DAY],
    ['contest window', contestWindowMs(defaultPolicy), 3 * DAY],
    ['repeat window', repeatWindowMs(defaultPolicy), 90 * DAY],
    ['follow-up interval', followUpEveryMs(defaultPolicy), 8 * HOUR],
    ['follow-up attempts', followUpAttempts(defaultPolicy), 3],
    ['dissatisfied follow-up that raises', dissatisfiedRaisesAt(defaultPolicy), 2],
    ['first cycle of a final answer', finalFromCycle(defaultPolicy), 3],
    ['rung of a serious case', rungOf(defaultPolicy, 'serious'), 1],
    ['top of a general case', topOf(defaultPolicy, 'general'), 2],
  ])('%s', (_name, actual, expected) => expect(actual).toBe(expected));

  it('a budget for every clock in every tier', () => {
    for (const tier of tiers) for (const clock of plannedClocks) expect(budgetMs(defaultPolicy, clock, tier)).toBeGreaterThanOrEqual(1000);
  });
  it('the longest pause for a reason, and none for one it does not know', () => {
    expect(pauseLimitMs(defaultPolicy, 'customer_information')).toBe(14 * DAY);
    expect(pauseLimitMs(defaultPolicy, 'lunch')).toBeNull();
    expect(pauseLimitMs(defaultPolicy, 'constructor')).toBeNull();
  });
  it('the steps of its ladder', () => {
    expect(ladderFor(defaultPolicy, 'resolution', 'warning:90')).toEqual([{ clock: 'resolution', on: 'warning:90', raise: 1 }]);
    expect(ladderFor(defaultPolicy, 'resolution', 'warning:50')).toEqual([]);
    expect(ladderForCause(defaultPolicy, 'media')).toEqual([{ cause: 'media', to: 2 }]);
  });
});
