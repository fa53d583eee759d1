import { channels, conducts, natures, specials, tiers } from '../../domain/complaint/terms.js';
import { clockNames } from '../../domain/sla/clock.js';
import { z } from '../openapi/zod.js';

const Text = z.string().nullable().describe('null where the caller may not read it, or the customer is erased');
const Moment = z.iso.datetime({ precision: 3 });

const ClockView = z.strictObject({
  id: z.string(), name: z.enum(clockNames), cycle: z.int(), request: z.string().nullable(),
  scope: z.enum(['service', 'internal', 'statutory']),
  state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']), startedAt: Moment,
  budgetSeconds: z.number(), consumedSeconds: z.int(), dueAt: Moment.nullable(),
  breachedAt: Moment.nullable(), stoppedAt: Moment.nullable(),
  calendar: z.string().nullable().describe('the published calendar that it started on, `name/version`; null: around the clock'),
  log: z.array(z.strictObject({ at: Moment, type: z.enum(['pause', 'resume', 'stop', 'calendar']), calendar: z.string().nullable().optional() }))
    .describe('its ledger: `calendar` is where it moved to another one'),
}).openapi('Clock');

const EscalationView = z.strictObject({
  at: Moment, from: z.int(), to: z.int(),
  cause: z.enum(['tier', 'signal', 'warning', 'breach', 'unacknowledged', 'returned', 'dissatisfied', 'media', 'customer']),
  clock: z.string().nullable(), reason: Text, by: z.string(), acknowledgedBy: z.string().nullable(), acknowledgedAt: Moment.nullable(),
}).openapi('Escalation');

const ShareView = z.strictObject({
  department: z.string(), person: z.string().nullable(), percent: z.int(), conduct: z.enum(conducts),
  evidence: z.strictObject({ text: Text, at: Moment }).nullable(),
}).openapi('Share');

const ResponsibilityView = z.strictObject({
  nature: z.enum(natures), shares: z.array(ShareView), note: Text, proposedBy: z.string(), proposedAt: Moment, contestUntil: Moment,
  agreed: z.array(z.string()), contested: z.array(z.string()),
  decision: z.strictObject({ by: z.string(), at: Moment, upheld: z.boolean(), handling: Text, note: Text }).nullable(),
}).openapi('Responsibility');

const ExtensionView = z.strictObject({
  statute: z.string(), extension: z.string(), state: z.enum(['requested', 'granted', 'refused']), approval: z.int().nullable(),
  requestedBy: z.string(), requestedAt: Moment, decidedBy: z.string().nullable(), decidedAt: Moment.nullable(),
}).openapi('Extension');

const RequestView = z.strictObject({
  id: z.string(), department: z.string(), state: z.enum(['asked', 'planned', 'returned']), request: Text, plan: Text,
}).openapi('Request');

/** A complaint as every endpoint answers it (spec: api, complaints). */
export const ComplaintView = z.strictObject({
  id: z.string(),
  trackingCode: z.string().nullable().describe('for who speaks with the customer; it acts in their name'),
  version: z.int(), status: z.enum(['open', 'paused', 'resolved', 'closed', 'duplicate']), level: z.int().min(1).max(3), cycle: z.int(),
  tier: z.enum(tiers), channel: z.enum(channels), type: z.string().nullable(), subtype: z.string().nullable(),
  product: z.string().nullable(), region: z.string().nullable(),
  flags: z.strictObject({ personalSafety: z.boolean().optional(), mediaThreat: z.boolean().optional(), severe: z.boolean().optional() }),
  emotion: z.int().nullable(),
  customer: z.strictObject({ key: Text, name: Text }), text: Text,
  demand: z.strictObject({ stated: z.string().optional(), core: z.string().optional(), expected: z.string().optional() }).nullable(),
  solution: Text,
  owner: z.string().nullable(), assignee: z.string().nullable(), coOwners: z.array(z.string()), crisisOwner: z.string().nullable(),
  department: z.string().nullable(), rung: z.int(), special: z.array(z.enum(specials)), repeatOf: z.string().nullable(),
  tracks: z.strictObject({
    customer: z.enum(['received', 'accepted', 'answered', 'resolved', 'satisfied', 'unanswered', 'final', 'withdrawn']),
    responsibility: z.enum(['waiting', 'open', 'proposed', 'contested', 'decided']),
    cause: z.enum(['waiting', 'open', 'improving', 'verified', 'waived']),
  }),
  requests: z.array(RequestView), clocks: z.array(ClockView), escalations: z.array(EscalationView),
  extensions: z.array(ExtensionView).describe('more time under a regulator’s rule'),
  responsibility: ResponsibilityView.nullable(), investigation: z.string().nullable(),
  policy: z.strictObject({ name: z.string(), version: z.int() }),
  timeToFirstResolutionSeconds: z.int().nullable().describe('from the receipt to the first resolution, whatever came after'),
  totalTimeSeconds: z.int().nullable().describe('from the receipt to the last resolution; null while the case is being handled'),
  receivedAt: Moment, openedAt: Moment, firstResolvedAt: Moment.nullable(), resolvedAt: Moment.nullable(), closedAt: Moment.nullable(),
}).openapi('Complaint');
export type ComplaintView = z.infer<typeof ComplaintView>;
