import { z } from 'zod';
import { PauseReason, PublishedName } from '../schema.js';
import { clockNames } from '../sla/clock.js';
import { calendarIssue } from '../sla/schema.js';
import { DAY, durationMs, SECOND } from '../time.js';
import { filled } from './fill.js';
import { faultsOf } from './faults.js';

const LONGEST = 3660 * DAY;

/** An ISO 8601 duration of days, hours, minutes and seconds, from one second to ten years. */
export const Duration = z
  .string({ error: 'must be a duration such as PT30M; a budget in business days needs a calendar, which comes with a later release' })
  .refine((text) => {
    const ms = durationMs(text);
    return ms !== null && ms >= SECOND && ms <= LONGEST;
  }, 'must be a duration of days, hours, minutes and seconds such as PT30M or P5D, from PT1S to P3660D')
  .meta({ examples: ['PT30M'] });

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
  dispatch: Duration, plan: Duration, followUp: Duration, acknowledge: Duration, attribution: Duration, cause: Duration,
});
/** A tier's budgets and rungs; any other clock may have a budget of its own in it. */
const Tier = Clocks.partial().extend({ response: Duration, resolution: Duration, rung: Rung, top: Rung });
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
};

const Filled = z.strictObject({
  ...common,
  calendar: z.null(),
  tiers: z.strictObject({ general: Tier, serious: Tier, urgent: Tier }),
  clocks: Clocks,
  calendars: z.strictObject({}),
  followUp: FollowUp,
  whys: Whys,
});

const Written = z.strictObject({
  ...Filled.partial().shape,
  name: common.name,
  calendar: z.string().nullish().superRefine((calendar, context) => {
    if (typeof calendar === 'string') context.addIssue(calendarIssue());
  }),
  tiers: z.strictObject({ general: Tier.partial(), serious: Tier.partial(), urgent: Tier.partial() }),
  clocks: Clocks.partial().optional(),
  calendars: z.record(z.string(), z.unknown()).optional().superRefine((calendars, context) => {
    for (const clock of Object.keys(calendars ?? {})) context.addIssue(calendarIssue([clock]));
  }),
  followUp: FollowUp.partial().optional(),
  whys: Whys.partial().optional(),
});
export type WrittenPolicy = z.infer<typeof Written>;

/**
 * The rules of a set of cases, as published: its body over HTTP, checked and with what was left out filled in (spec: api, policy).
 * A calendar is refused with the code that `codeOf` of domain/sla/schema.ts tells.
 */
export const Policy = Written.transform(filled).superRefine((policy, context) => {
  for (const { path, message } of faultsOf(policy)) context.addIssue({ code: 'custom', path, message });
});
export type Policy = z.infer<typeof Filled>;

/** A policy as the API answers it. */
export const PublishedPolicy = Filled.extend({ version: z.int().min(1) });
export type PublishedPolicy = z.infer<typeof PublishedPolicy>;
