import type { Instant } from '../domain/time.js';
import type { Database } from '../prisma/database.js';
import { claimDeliveries, isSuperseded, NO_WAY, OFF_HOURS, postponeDelivery, settleDelivery, type DueDelivery } from '../prisma/deliveries.js';
import { startLane, type Lane } from './lane.js';
import { createPatience, type Patience } from './patience.js';

/** A way out for deliveries. */
export interface Transport {
  readonly name: string;
  /** Sends once, and gives up in time. Throws `Undeliverable` for what will never be taken; whatever else it throws is tried again. */
  send(delivery: DueDelivery): Promise<void>;
}

/** The way that a delivery takes now, or when it may be sent; null while there is no way for it. Throws as `send` does. */
export type Choose = (delivery: DueDelivery) => Promise<Transport | Later | null>;

/** Nobody who is to be told may be called before. */
export interface Later {
  at: Instant;
}

/** It will never be taken, however often it is sent; `reason` is a name of few words, and quotes nobody. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
  constructor(readonly reason: string) {
    super(reason);
  }
}

export type Delivered = 'sent' | 'retried' | 'failed' | 'superseded';

export interface Dispatcher {
  /** sends no more, and waits for what is under way */
  stop(): Promise<void>;
}

export interface DispatcherOptions {
  database: Database;
  choose: Choose;
  /** whom anything can be sent to at all; what is for others waits untouched */
  audiences: readonly DueDelivery['audience'][];
  /** how often due deliveries are looked for when none were left */
  everyMs?: number | undefined;
  /** sent at once to customers, and as many to staff */
  atOnce?: number | undefined;
  /** longer than the longest attempt of a transport: after a crash, it is sent again when this has passed */
  leaseMs?: number | undefined;
  /** pause after the first failure; it doubles with each, up to an hour */
  pauseMs?: number | undefined;
  onDelivered?: ((transport: string, outcome: Delivered) => void) | undefined;
  onFailure?: ((delivery: string | null, error: unknown) => void) | undefined;
}

/**
 * Sends what is in the outbox: each at least once, under an id that stays the same, in the order of their events within a case and
 * recipient. What fails is tried again at growing pauses for three days. A transport that does not answer is asked by one delivery at
 * a time; it holds up nobody who goes another way.
 */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { database, choose, audiences, everyMs = 1_000, atOnce = 8, leaseMs = 300_000, pauseMs = 5_000 } = options;
  const { onDelivered = () => undefined, onFailure = () => undefined } = options;
  const patience = new Map<string, Patience>();

  function patienceWith({ name }: Transport): Patience {
    const known = patience.get(name) ?? createPatience({ most: atOnce });
    patience.set(name, known);
    return known;
  }

  async function dispatch(delivery: DueDelivery): Promise<void> {
    try {
      if (await isSuperseded(database, delivery)) {
        await settleDelivery(database, delivery.id, { state: 'superseded' });
        onDelivered('none', 'superseded');
      } else await sendBy(await choose(delivery), delivery);
    } catch (error) {
      await failed('none', delivery, error);
    }
  }

  async function sendBy(transport: Transport | Later | null, delivery: DueDelivery): Promise<void> {
    if (!transport) return withoutWay(delivery);
    if ('at' in transport) return postponeDelivery(database, delivery, untilCalled(transport), { waitsFor: OFF_HOURS });
    const asked = patienceWith(transport);
    if (asked.admit(1) === 0) return postponeDelivery(database, delivery, HELD_MS, { waitsFor: null });
    try {
      await transport.send(delivery);
    } catch (error) {
      // a refusal of this one delivery is an answer too
      if (error instanceof Undeliverable) asked.succeeded();
      else asked.failed(false);
      return failed(transport.name, delivery, error);
    }
    asked.succeeded();
    await settleDelivery(database, delivery.id, { state: 'sent', transport: transport.name });
    onDelivered(transport.name, 'sent');
  }

  /** A way may still come: an address that the customer leaves, a gateway that is set up. It is waited for as long as a broken one. */
  async function withoutWay(delivery: DueDelivery): Promise<void> {
    if (!isTooOld(delivery)) return postponeDelivery(database, delivery, NO_WAY_MS, { waitsFor: NO_WAY });
    await settleDelivery(database, delivery.id, { state: 'failed', failure: NO_WAY });
    onDelivered('none', 'failed');
  }

  async function failed(transport: string, delivery: DueDelivery, error: unknown): Promise<void> {
    onFailure(delivery.id, error);
    const failure = error instanceof Undeliverable ? error.reason : isTooOld(delivery) && delivery.attempts >= LEAST_ATTEMPTS ? 'given-up' : null;
    const settled = failure === null
      ? postponeDelivery(database, delivery, pauseAfter(delivery, pauseMs))
      : settleDelivery(database, delivery.id, { state: 'failed', transport, failure });
    // while the database is away too, the lease stands
    await settled.then(() => { onDelivered(transport, failure === null ? 'retried' : 'failed'); }, () => undefined);
  }

  const lanes: Lane[] = audiences.map((audience) => startLane<DueDelivery>({
    atOnce,
    everyMs,
    admit: (wanted) => wanted,
    unused: () => undefined,
    claim: (limit) => claimDeliveries(database, audience, limit, leaseMs),
    work: dispatch,
    onFailure: (error) => { onFailure(null, error); },
  }));
  return {
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}

/** How long one waits that nobody can take now, for instance a customer without an address. */
const NO_WAY_MS = 3_600_000;
/** How long one waits whose transport is being asked whether it is back. */
const HELD_MS = 2_000;
const LONGEST_MS = 3_600_000;
const THREE_DAYS_MS = 3 * 24 * 3_600_000;

function pauseAfter({ attempts }: DueDelivery, firstMs: number): number {
  return Math.min(LONGEST_MS, firstMs * 2 ** Math.min(attempts - 1, 20));
}

/** One that has waited for office hours is old before it is tried. */
const LEAST_ATTEMPTS = 10;

/** Looked at again before, for a roster may change. */
function untilCalled({ at }: Later): number {
  return Math.min(LONGEST_OFF_MS, Math.max(1, Date.parse(at) - Date.now()));
}

const LONGEST_OFF_MS = 300_000;

function isTooOld({ createdAt }: DueDelivery): boolean {
  return Date.now() - Date.parse(createdAt) > THREE_DAYS_MS;
}
