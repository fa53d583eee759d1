import { z } from 'zod';
import { PauseReason, PublishedName } from '../schema.js';
import { clockNames, plannedClocks } from '../sla/clock.js';
import { durationMs, SECOND } from '../time.js';
import { LONGEST_MS } from './budgets.js';
import { filled } from './fill.js';
import { packs } from './packs.js';
import { faultsOf } from './faults.js';

/** An ISO 8601 duration of days, hours, minutes and seconds, from one second to ten years. */
export const Duration = z
  .string({ error: 'must be a duration such as PT30M' })
  .refine((text) => {
    const ms = durationMs(text);
    return ms !== null && ms >= SECOND && ms <= LONGEST_MS;
  }, 'must be a duration of days, hours, minutes and seconds such as PT30M or P5D, from PT1S to P3660D')
  .meta({ examples: ['PT30M'] });

/** Open time that a clock has: a duration, or so many business days, to the closing time of the last (spec: sla). */
export const Budget = z.union([Duration, z.strictObject({ businessDays: z.int().min(1).max(2500) })], {
  error: 'must be a duration of days, hours, minutes and seconds such as PT30M or P5D, from PT1S to P3660D, or {"businessDays": 5}',
});
export type Budget = z.infer<typeof Budget>;

/** 0 front line · 1 supervisor or expert team · 2 department head · 3 senior leadership. */
const Rung = z.int().min(0).max(3);
const Steps = z.int().min(1).max(3);

export const ladderCauses = ['media', 'customer', 'dissatisfied', 'returned'] as const;
export type LadderCause = (typeof ladderCauses)[number];

const LadderEvent = z.union([z.literal('breach'), z.templateLiteral(['warning:', z.int()])]);
export type LadderEvent = z.infer<typeof LadderEvent>;

const steps = { raise: Steps.optional(), to: Steps.optional() };
const ClockEntry = z.strictObject({ clock: z.enum(clockNames), on: LadderEvent, ...steps });
const CauseEntry = z.strictObject({ cause: z.enum(ladderCauses), ...steps });
/** One way up: what raises a case, and by how many rungs or to which. */
export const LadderEntry = z.union([ClockEntry, CauseEntry], {
  error: `takes clock (${clockNames.join(', ')}) and on (breach or warning:NN), or cause (${ladderCauses.join(', ')}); with raise or to from 1 to 3`,
});
export type LadderEntry = z.infer<typeof LadderEntry>;

const Clocks = z.strictObject({
  dispatch: Budget, plan: Budget, followUp: Budget, acknowledge: Budget, attribution: Budget, cause: Budget,
});
/** A published calendar by its name; null: around the clock. */
const CalendarName = PublishedName.nullable();
const Calendars = z.partialRecord(z.enum(plannedClocks), CalendarName);
/** A tier's budgets and rungs; any other clock may have a budget of its own in it, and calendars of the tier come before the policy's. */
const Tier = Clocks.partial().extend({
  response: Budget, resolution: Budget, rung: Rung, top: Rung, calendar: CalendarName.optional(), calendars: Calendars.optional(),
});
/** More time under a regulator's rule: in all (`to`), or beyond what there is (`by`). One with `approval` takes somebody of that rung. */
const Extension = z.strictObject({
  name: PublishedName, to: Budget.optional(), by: Budget.optional(), approval: z.int().min(1).max(3).optional(),
});
/** A regulator's limit on the handling of a complaint, counted from its receipt (spec: sla, scope statutory). */
export const Statute = z.strictObject({
  name: PublishedName, within: Budget, calendar: CalendarName.optional(), extensions: z.array(Extension).max(5).optional(),
});
export type Statute = z.infer<typeof Statute>;

const FollowUp = z.strictObject({
  attempts: z.int().min(1).max(20), every: Duration, dissatisfiedRaisesAt: z.int().min(1).max(100), finalFromCycle: z.int().min(1).max(100),
});
const Whys = z.strictObject({ least: z.int().min(1).max(20), most: z.int().min(1).max(20) });

const common = {
  name: PublishedName,
  warnAt: z.array(z.int().min(1).max(99)).max(10),
  ladder: z.array(LadderEntry).max(40),
  contestWindow: Duration,
  pause: z.record(PauseReason, Duration),
  repeat: z.strictObject({ window: Duration }),
  statutory: z.array(Statute).min(1).max(3).optional(),
};

const Filled = z.strictObject({
  ...common,
  calendar: CalendarName,
  tiers: z.strictObject({ general: Tier, serious: Tier, urgent: Tier }),
  clocks: Clocks,
  calendars: Calendars,
  followUp: FollowUp,
  whys: Whys,
});

const Written = z.strictObject({
  ...Filled.partial().shape,
  name: common.name,
  tiers: z.strictObject({ general: Tier.partial(), serious: Tier.partial(), urgent: Tier.partial() }),
  clocks: Clocks.partial().optional(),
  followUp: FollowUp.partial().optional(),
  whys: Whys.partial().optional(),
  statutory: z.array(z.union([z.enum(packs.map(({ name }) => name)), Statute])).min(1).max(3).optional()
    .meta({ description: 'Regulators’ limits, or packs of them by name' }),
});
export type WrittenPolicy = z.infer<typeof Written>;

/**
 * The rules of a set of cases, as published: its body over HTTP, checked and with what was left out filled in (spec: api, policy).
 * That its calendars are published, and reach, is for who publishes it to see (prisma/agreements.ts).
 */
export const Policy = Written.transform(filled).superRefine((policy, context) => {
  for (const { path, message } of faultsOf(policy)) context.addIssue({ code: 'custom', path, message });
});
export type Policy = z.infer<typeof Filled>;

/** A policy as the API answers it. */
export const PublishedPolicy = Filled.extend({ version: z.int().min(1) });
export type PublishedPolicy = z.infer<typeof PublishedPolicy>;
