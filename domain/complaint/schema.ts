import { z } from 'zod';
import { isWhole, Line, Moment, notWhole, PauseReason, VersionNumber } from '../schema.js';
import { channels, conducts, natures, noFaultNatures, tiers, transferReasons } from './terms.js';

/** Words of a person: kept as written, never blank. */
export const Text = z
  .string()
  .max(20_000)
  .refine((text) => text.trim() !== '', 'must not be blank')
  .refine(isWhole, notWhole);
/** A code of a taxonomy or a policy. That it exists is checked against the data. */
export const Code = Line.max(64);
/** A member of staff by the `sub` of their token. */
export const Sub = Line.max(255);
/** A department's request within its case. */
const RequestId = z.string().regex(/^r\d{1,6}$/, 'must be the id of a request, such as r1');

const Flag = z.boolean().optional();
export const Flags = z.strictObject({ personalSafety: Flag, mediaThreat: Flag, severe: Flag });
/** What the customer says, means and hopes for (L1.9). */
export const Demand = z.strictObject({ stated: Text.optional(), core: Text.optional(), expected: Text.optional() });
export type Demand = z.infer<typeof Demand>;
/** The four parts of a sincere answer (L1.10). */
const Part = Text.optional();
export const Parts = z.strictObject({ apology: Part, cause: Part, remedy: Part, prevention: Part });
export type Parts = z.infer<typeof Parts>;
export const Emotion = z.int().min(1).max(5);

/** Who complains, and how to answer them; one way to answer is enough (L1.1). */
export const Customer = z
  .strictObject({
    key: Line.max(128).optional(),
    name: Line.max(200).optional(),
    phone: z
      .string()
      .max(40)
      .regex(/^(?=(?:\D*\d){3})[+\d][\d\s().\-/]{2,}$/, 'must be a telephone number')
      .optional(),
    email: z.email().max(254).optional(),
    address: z.string().min(1).max(1000).refine(isWhole, notWhole).optional(),
    handle: Line.max(200).optional(),
    important: z.boolean().optional(),
  })
  .refine(
    (who) => [who.key, who.phone, who.email, who.address, who.handle].some((way) => way !== undefined && way.trim() !== ''),
    'needs one way to answer: key, phone, email, address or handle',
  );
export type Customer = z.infer<typeof Customer>;

const Classifying = {
  type: Code.nullish(),
  subtype: Code.nullish(),
  product: Code.nullish(),
  region: Code.nullish(),
  department: Code.nullish(),
  tier: z.enum(tiers).optional(),
  flags: Flags.optional(),
  demand: Demand.nullish(),
  emotion: Emotion.nullish(),
};

/** The body of `POST /v1/complaints` (spec: api, complaints). */
export const Intake = z.strictObject({
  channel: z.enum(channels),
  customer: Customer,
  text: Text,
  ...Classifying,
  receivedAt: Moment.optional(),
  policy: z
    .union([Code, z.strictObject({ name: Code, version: VersionNumber })])
    .optional()
    .meta({ description: 'Staff only: the name of a policy (its latest version holds), or a name and a version.' }),
});
export type Intake = z.infer<typeof Intake>;

const Share = z.strictObject({
  department: Code,
  person: Sub.nullish(),
  percent: z.int().min(1).max(100),
  conduct: z.enum(conducts),
  evidence: z.strictObject({ text: Text, at: Moment }).nullish(),
});
type Verdict = { nature?: z.infer<typeof Nature> | undefined; shares?: z.infer<typeof Share>[] | undefined };
const Nature = z.enum(natures);

/** Shares add up to 100; a no-fault nature has none; what a team found by itself is shown by evidence (L2.2, L2.4). */
function checkShares({ nature, shares }: Verdict, report: (path: (string | number)[], message: string) => void): void {
  if (!nature || !shares) return;
  const sum = shares.reduce((total, share) => total + share.percent, 0);
  if (noFaultNatures.includes(nature) && shares.length > 0) report(['shares'], `must be empty: nobody is liable for ${nature}`);
  if (!noFaultNatures.includes(nature) && sum !== 100) report(['shares'], `must add up to 100 percent, not ${sum}`);
  shares.forEach((share, i) => {
    if (share.conduct === 'self_found' && !share.evidence)
      report(['shares', i, 'evidence'], 'is needed for self_found, dated before the receipt');
  });
}

const Nothing = z.strictObject({});
const Attribute = z
  .strictObject({ nature: Nature, shares: z.array(Share).max(20), note: Text })
  .superRefine((body, context) => checkShares(body, (path, message) => context.addIssue({ code: 'custom', path, message })));
const Decide = z
  .strictObject({ upheld: z.boolean(), nature: Nature.optional(), shares: z.array(Share).max(20).optional(), handling: Text, note: Text })
  .superRefine((body, context) => {
    const report = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const field of ['nature', 'shares'] as const) {
      if (body.upheld && body[field] !== undefined) report([field], 'must be left out: the proposal stands');
      if (!body.upheld && body[field] === undefined) report([field], 'is needed: the proposal does not stand');
    }
    checkShares(body, report);
  });
const Classify = z
  .strictObject({ ...Classifying, reason: Text })
  .refine((body) => Object.keys(body).some((field) => field !== 'reason'), 'changes nothing: name a field to classify');
const Resolve = z
  .strictObject({ solution: Text, message: Text.nullish(), agreed: z.boolean(), cost: z.number().min(0).nullish(), reason: Text.nullish() })
  .refine((body) => body.agreed || body.reason, { path: ['reason'], message: 'is needed where nothing was agreed' });
const Investigate = z
  .strictObject({ investigation: z.uuid().optional(), title: Text.optional(), type: Code.nullish() })
  .refine(
    (body) => (body.investigation === undefined) !== (body.title === undefined),
    'takes either the id of an investigation, or the title of a new one',
  )
  .refine((body) => body.investigation === undefined || body.type === undefined, {
    path: ['type'],
    message: 'belongs to a new investigation',
  });

/** The bodies of the commands as they come over HTTP, with their words (spec: case, commands). */
export const Bodies = {
  accept: z.strictObject({ note: Text.nullish() }),
  answer: z.strictObject({ message: Text, parts: Parts.nullish() }),
  classify: Classify,
  assign: z.strictObject({ assignee: Sub, reason: Text }),
  transfer: z.strictObject({ owner: Sub, reason: z.enum(transferReasons) }),
  dispatch: z.strictObject({ department: Code, request: Text }),
  plan: z.strictObject({ request: RequestId, plan: Text }),
  return: z.strictObject({ request: RequestId, reason: Text }),
  pause: z.strictObject({ reason: PauseReason, note: Text.nullish() }),
  resume: Nothing,
  hear: z.strictObject({ text: Text, receivedAt: Moment.nullish() }),
  resolve: Resolve,
  followUp: z.strictObject({ satisfied: z.boolean(), score: z.int().min(0).max(10).nullish(), comment: Text.nullish() }),
  finalize: z.strictObject({ message: Text, parts: Parts, externalRoute: Text }),
  attribute: Attribute,
  agree: z.strictObject({ reason: Text.nullish() }),
  contest: z.strictObject({ reason: Text }),
  decide: Decide,
  investigate: Investigate,
  waive: z.strictObject({ reason: Text }),
  approveWaiver: Nothing,
  refuseWaiver: z.strictObject({ reason: Text }),
  extend: z.strictObject({ statute: Code.nullish(), extension: Code, reason: Text }),
  approveExtension: z.strictObject({ statute: Code.nullish() }),
  refuseExtension: z.strictObject({ statute: Code.nullish(), reason: Text }),
  withdraw: z.strictObject({ reason: Text, message: Text.nullish() }),
  retractWithdrawal: Nothing,
  acknowledge: Nothing,
  note: z.strictObject({ text: Text }),
  close: Nothing,
} as const;
export type Bodies = { [Name in keyof typeof Bodies]: z.infer<(typeof Bodies)[Name]> };

/** The body of an escalation (spec: case, escalation). */
export const Escalation = z.strictObject({ reason: Text, to: z.int().min(0).max(3).nullish() });
export type Escalation = z.infer<typeof Escalation>;
