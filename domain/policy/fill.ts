import { tiers, type Tier } from '../complaint/terms.js';
import { defaultPolicy } from './default.js';
import { isInDays } from './budgets.js';
import { statutesOfPack } from './packs.js';
import type { LadderEntry, Policy, WrittenPolicy } from './schema.js';

/** The policy with what was left out: the values of the standard policy hold (spec: api, policy). */
export function filled(written: WrittenPolicy): Policy {
  const { name, warnAt = defaultPolicy.warnAt } = written;
  return {
    name,
    calendar: written.calendar ?? null,
    tiers: { general: tierOf(written, 'general'), serious: tierOf(written, 'serious'), urgent: tierOf(written, 'urgent') },
    clocks: { ...defaultPolicy.clocks, ...written.clocks },
    calendars: { ...aroundTheClock(written, written), ...written.calendars },
    warnAt,
    // the standard ladder has no step for a warning that this policy does not give
    ladder: written.ladder ?? standardLadder(written).filter((entry) => canFire(entry, warnAt)),
    followUp: { ...defaultPolicy.followUp, ...written.followUp },
    contestWindow: written.contestWindow ?? defaultPolicy.contestWindow,
    pause: written.pause ?? defaultPolicy.pause,
    repeat: written.repeat ?? defaultPolicy.repeat,
    whys: whysOf(written),
    ...(written.statutory && { statutory: written.statutory.flatMap((one) => (typeof one === 'string' ? statutesOfPack(one) ?? [] : [one])) }),
  };
}

/** What the standard ladder does where a regulator's limit comes near, and passes. */
const statutorySteps: LadderEntry[] = [{ clock: 'statutory', on: 'warning:90', raise: 1 }, { clock: 'statutory', on: 'breach', raise: 1 }];

function standardLadder({ statutory }: WrittenPolicy): LadderEntry[] {
  return statutory ? [...defaultPolicy.ladder, ...statutorySteps] : defaultPolicy.ladder;
}

/** The standard budgets in days stay around the clock where a policy or a tier has a calendar and does not name them: days need that. */
function aroundTheClock({ clocks = {} }: WrittenPolicy, { calendar }: { calendar?: string | null | undefined }): Policy['calendars'] {
  if (typeof calendar !== 'string') return {};
  const inDays = Object.entries(defaultPolicy.clocks).filter(([clock, budget]) => !Object.hasOwn(clocks, clock) && isInDays(budget));
  return Object.fromEntries(inDays.map(([clock]) => [clock, null]));
}

/** Whether what this entry waits for can come: a breach always, a warning when the policy gives it. */
export function canFire(entry: LadderEntry, warnAt: readonly number[]): boolean {
  return !('clock' in entry) || entry.on === 'breach' || warnAt.some((percent) => entry.on === `warning:${percent}`);
}

function tierOf(written: WrittenPolicy, tier: Tier): Policy['tiers'][Tier] {
  const own = written.tiers[tier];
  const { response, resolution, rung: standardRung, top, ...standardOwn } = defaultPolicy.tiers[tier];
  const rung = own.rung ?? standardRung;
  // a budget that the policy names for all tiers is not undone by the standard policy's exception for one
  const exceptions = Object.fromEntries(Object.entries(standardOwn).filter(([clock]) => !Object.hasOwn(written.clocks ?? {}, clock)));
  const unnamed = Object.fromEntries(Object.entries(aroundTheClock(written, own)).filter(([clock]) => !Object.hasOwn(own, clock)));
  const calendars = { ...unnamed, ...own.calendars };
  return {
    response, resolution, ...exceptions, ...own, rung, top: own.top ?? Math.max(rung, top),
    ...(Object.keys(calendars).length > 0 && { calendars }),
  };
}

function whysOf({ whys = {} }: WrittenPolicy): Policy['whys'] {
  const { least, most } = defaultPolicy.whys;
  return { least: whys.least ?? Math.min(least, whys.most ?? least), most: whys.most ?? Math.max(most, whys.least ?? most) };
}

/** From mild to grave, each with the next worse one: an order that holds for these holds for all. */
export const worseningTiers = tiers.slice(1).map((worse, i) => [tiers[i] ?? worse, worse] as const);
