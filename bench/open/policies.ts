import { z } from 'zod';
import { filing } from '../cases/filing.js';
import { idIn, type Desk } from '../cases/desk.js';
import { tiersWith } from '../cases/resting.js';

/** A version of a policy, as a filing names it. */
export interface Pinned {
  name: string;
  version: number;
}

const Published = z.looseObject({ name: z.string(), version: z.int() });

/**
 * Publishes a policy under which a case that nobody touches does nothing by itself for so long (an ISO 8601 duration), and then
 * breaches its first clocks, without a warning before.
 */
export async function restFor(desk: Desk, duration: string): Promise<Pinned> {
  const tiers = tiersWith({ response: duration, resolution: 'P3650D', dispatch: duration });
  const body = { name: 'resting', warnAt: [], ladder: [], clocks: { dispatch: duration }, tiers };
  const { name, version } = Published.parse(JSON.parse(await desk.post('ada', '/v1/policies', body, 201)));
  return { name, version };
}

/** Files a complaint under such a policy, which staff may name; answers its id. */
export async function fileUnder(desk: Desk, policy: Pinned, receivedAt?: string): Promise<string> {
  return idIn(await desk.post('ann', '/v1/complaints', { ...filing(), policy, ...(receivedAt && { receivedAt }) }, 201));
}
