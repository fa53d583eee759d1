import type { Intake } from '../../domain/complaint/schema.js';
import type { IntakeRequest } from '../../engine/engine.js';
import type { Satchel } from '../commands/satchel.js';
import { Problem } from '../problem/problem.js';
import type { Records } from '../records/records.js';

/** What of an intake travels, with its words in the satchel. Throws 422 for what no list has. */
export function unpackIntake(body: Intake, satchel: Satchel): IntakeRequest['filing'] {
  const { put, together, code } = satchel;
  const filing = {
    channel: body.channel, text: put(body.text),
    type: code('type', body.type, 'type') ?? null, subtype: code('subtype', body.subtype, 'subtype') ?? null,
    product: code('product', body.product, 'product') ?? null, region: code('region', body.region, 'region') ?? null,
    department: code('department', body.department, 'department') ?? null,
    tier: body.tier ?? null, flags: body.flags ?? {}, emotion: body.emotion ?? null, demand: body.demand ? together(body.demand) : null,
    receivedAt: body.receivedAt ?? null, repeatOf: null, owner: null, ownerDepartment: null,
  };
  satchel.settle();
  return filing;
}

/** The policy that staff named, which must have been published; null for the current one. Throws 422. */
export async function namedPolicy(given: Intake['policy'], role: string, records: Pick<Records, 'policy'>): Promise<IntakeRequest['policy']> {
  if (given === undefined) return null;
  if (role === 'channel') throw Problem.field([{ path: 'policy', message: 'is named by staff only; the current policy holds' }]);
  const wanted = typeof given === 'string' ? { name: given, version: null } : given;
  const found = await records.policy(wanted.name, wanted.version);
  if (!found) throw Problem.field([{ path: 'policy', message: 'is no published policy' }], 'unknown-code');
  return { name: found.name, version: found.version };
}
