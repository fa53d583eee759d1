import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandName, ComplaintCommands } from '../../../domain/complaint/command.js';
import { office } from '../../../domain/calendar/office.js';
import type { Pinned } from '../../../domain/policy/agreement.js';
import { defaultPolicy } from '../../../domain/policy/default.js';
import { Policy } from '../../../domain/policy/schema.js';
import { missing } from '../../../domain/complaint/gate.js';
import type { Share } from '../../../domain/complaint/terms.js';
import type { Actor } from '../../../domain/event.js';
import {
  ann,
  ben,
  clock,
  customer,
  filed,
  folded,
  head,
  lou,
  message,
  pat,
  sam,
  shareOf,
  solution,
  sue,
  T0,
  web,
  type Case,
} from './given.js';

const quinn: Actor = { by: 'quinn', role: 'quality', rung: null, department: null };
const system: Actor = { by: 'system', role: 'system', rung: null, department: null };

const w = 'w';
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const instants = maybe(fc.integer({ min: 0, max: 1e8 }).map((ms) => new Date(Date.parse(T0) + ms).toISOString()));
const shares = fc.constantFrom<Share[]>([], [shareOf('logistics')], [shareOf('logistics', 50), shareOf('production', 50)]);
const nature = fc.constantFrom('process' as const, 'customer' as const);
const tier = fc.constantFrom('general' as const, 'serious' as const, 'urgent' as const);

/** Bodies of every command: what the API would let through. */
const bodies: { [N in CommandName]: fc.Arbitrary<ComplaintCommands[N]> } = {
  accept: fc.constant({ note: null }),
  answer: fc.constant(message),
  assign: fc.constant({ assignee: 'ben', reason: w }),
  classify: fc.record({
    changes: fc.record(
      { tier, flags: fc.record({ mediaThreat: fc.boolean() }), department: fc.constantFrom('logistics', 'customer_service') },
      { requiredKeys: [] },
    ),
    reason: fc.constant(w),
  }),
  transfer: fc.record({ owner: fc.constantFrom('ann', 'ben'), reason: fc.constant('absence' as const) }),
  dispatch: fc.record({ department: fc.constantFrom('logistics', 'production'), text: fc.constant(w) }),
  plan: fc.record({ request: fc.constantFrom('r1', 'r2'), plan: fc.constant(w) }),
  return: fc.record({ request: fc.constantFrom('r1', 'r2'), reason: fc.constant(w) }),
  pause: fc.record({ reason: fc.constantFrom('customer_information', 'customer_availability'), note: fc.constant(null) }),
  resume: fc.constant({}),
  hear: fc.record({ text: fc.constant(w), receivedAt: instants }),
  resolve: fc.constant(solution),
  followUp: fc.record({ satisfied: fc.boolean(), score: fc.constant(null), comment: fc.constant(null) }),
  finalize: fc.constant({ message: w, parts: w, externalRoute: w }),
  attribute: fc.record({ nature, shares, note: fc.constant(w) }),
  agree: fc.constant({ reason: null }),
  contest: fc.constant({ reason: w }),
  decide: fc.record({ upheld: fc.boolean(), nature: maybe(nature), shares: maybe(shares), handling: fc.constant(w), note: fc.constant(w) }),
  investigate: fc.constant({ investigation: 'inv' }),
  inform: fc.record({ investigation: fc.constant('inv'), rootAt: instants, measureAt: instants, verifiedAt: instants }),
  waive: fc.constant({ reason: w }),
  approveWaiver: fc.constant({}),
  refuseWaiver: fc.constant({ reason: w }),
  extend: fc.record({ statute: fc.constant(null), extension: fc.constantFrom('complex', 'approved'), reason: fc.constant(w) }),
  approveExtension: fc.constant({ statute: null }),
  refuseExtension: fc.constant({ statute: null, reason: w }),
  withdraw: fc.constant({ reason: w, message: w }),
  retractWithdrawal: fc.constant({}),
  acknowledge: fc.constant({}),
  note: fc.constant({ text: w }),
  close: fc.constant({}),
};

type Step = (kase: Case, now: number) => void;
const actors = fc.constantFrom(ann, ben, sue, sam, head, lou, pat, web, customer, quinn, system);
const commands: fc.Arbitrary<Step>[] = (Object.keys(bodies) as CommandName[]).map((name) =>
  fc.tuple(actors, bodies[name] as fc.Arbitrary<ComplaintCommands[typeof name]>).map(
    ([actor, body]): Step =>
      (kase, now) =>
        void kase.do(actor, name, body, now),
  ),
);
const steps = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(...commands) },
  {
    weight: 1,
    arbitrary: fc.tuple(actors, maybe(fc.integer({ min: 0, max: 3 }))).map(
      ([actor, to]): Step =>
        (kase, now) =>
          kase.escalate(actor, to, now),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((kase, now) => kase.wait(now)) },
);
/** Steps with the milliseconds between them: from none to two days. */
const course = fc.array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 2 * 86_400_000 })), steps), {
  minLength: 1,
  maxLength: 40,
});
/** Around the clock, and in the hours of an office with a regulator's limit. */
const agreements: Pinned[] = [
  { policy: defaultPolicy },
  {
    policy: Policy.parse({ name: 'office', calendar: 'office', statutory: ['cn-financial'], tiers: { general: { resolution: { businessDays: 2 } }, serious: {}, urgent: { calendar: null } } }),
    versions: { office: 1 }, calendars: { 'office/1': office },
  },
];
const filing = fc.record({ by: fc.constantFrom(ann, web), tier: maybe(tier), department: fc.constantFrom(null, 'logistics'), under: fc.constantFrom(...agreements) });

function live(
  { by, under, ...data }: { by: Actor; tier: 'general' | 'serious' | 'urgent' | null; department: string | null; under: Pinned },
  taken: [number, Step][],
  after: (kase: Case, before: Case['state']) => void,
): Case {
  const kase = filed(by, { ...data, ...(under.versions && { calendars: under.versions }) }, under);
  let now = 0;
  for (const [gap, step] of taken) {
    const before = kase.state;
    now += gap;
    step(kase, now);
    after(kase, before);
  }
  return kase;
}

const holds = (after: (kase: Case, before: Case['state']) => void, end: (kase: Case) => void = () => undefined) =>
  fc.assert(
    fc.property(filing, course, (first, taken) => end(live(first, taken, after))),
    { numRuns: 300 },
  );

describe('after any sequence of commands', () => {
  it('seq has no gap, and the state is the fold of the events', () => {
    holds(
      () => undefined,
      (kase) => {
        expect(kase.events.map(({ seq }) => seq)).toEqual(kase.events.map((_, index) => index + 1));
        expect(kase.state).toEqual(folded(kase.events));
        expect(kase.state).toEqual(JSON.parse(JSON.stringify(kase.state)));
      },
    );
  });

  it('no breach disappears, and each fires once for its clock', () => {
    holds(
      (kase, before) => {
        for (const { id, breachedAt } of before.clocks) if (breachedAt !== null) expect(clock(kase, id).breachedAt).toBe(breachedAt);
      },
      (kase) => {
        const fired = kase.events.flatMap((event) =>
          event.type === 'clock_breached'
            ? [event.data.clock]
            : event.type === 'clock_warned'
              ? [`${event.data.clock} ${event.data.percent}`]
              : [],
        );
        expect(new Set(fired).size).toBe(fired.length);
      },
    );
  });

  it('the owner changes only by accept and transfer', () => {
    holds((kase, before) => {
      const moved = kase.last.some(({ type }) => type === 'accepted' || type === 'transferred');
      if (!moved) expect(kase.state.owner).toBe(before.owner);
      if (before.owner !== null) expect(kase.last.some(({ type }) => type === 'accepted')).toBe(false);
    });
  });

  it('nothing closes while the gate is shut, and an open gate closes', () => {
    holds((kase) => {
      expect(kase.state.closedAt !== null).toBe(missing(kase.state).length === 0);
    });
  });

  it('a closed case takes no more events, and none of its clocks runs', () => {
    holds(
      () => undefined,
      (kase) => {
        const closed = kase.events.findIndex(({ type }) => type === 'closed');
        if (closed < 0) return;
        expect(closed).toBe(kase.events.length - 1);
        expect(kase.state.clocks.filter(({ end }) => end === null)).toEqual([]);
      },
    );
  });

  it('what people do is never dated before what is recorded', () => {
    holds((kase, before) => {
      for (const { at, role } of kase.last) if (role !== 'system') expect(at >= before.lastAt).toBe(true);
    });
  });

  it('a rung never falls, and never passes the top of its tier', () => {
    holds((kase, before) => {
      expect(kase.state.rung).toBeGreaterThanOrEqual(before.rung);
      expect(kase.state.rung).toBeLessThanOrEqual(3);
    });
  });
});
