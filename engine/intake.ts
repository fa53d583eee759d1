import { randomUUID } from 'node:crypto';
import type { File } from '../domain/complaint/command.js';
import { openComplaint } from '../domain/complaint/intake.js';
import { invalid } from '../domain/refusal.js';
import { agreementWith, beginsAfter, versionsNow } from '../prisma/agreements.js';
import { complaintById } from '../prisma/complaints.js';
import { customerOf, fileComplaint, type Complainant } from '../prisma/intake.js';
import { intentByKey, type Intent } from '../prisma/intents.js';
import { currentPolicy, policyByName, type PolicyVersion } from '../prisma/policies.js';
import { LEASE_MS, type Deps } from './deps.js';
import type { Filed, IntakeRequest, Outcome } from './engine.js';
import { complaintAt, sameBody } from './keyed.js';
import type { StoredStart } from './starter.js';

/** Takes complaints in: one transaction that decides, keeps and queues; the engine is not waited for (L1.1; design: intake). */
export function createIntake(deps: Deps, kick: (intents: Intent[]) => void) {
  const { database, vault, sign, clock } = deps;

  return async function intake(request: IntakeRequest): Promise<Outcome<Filed>> {
    const { actor, filing, words, key } = request;
    const customer = complainantOf(request);
    // it has come now, however long what follows takes
    const at = clock();
    // neither needs the other's answer
    const [published, found] = await Promise.all([policyOf(deps, request.policy), customerOf(database, vault, customer)]);
    if (published === null) return (await before(request)) ?? invalid('policy-unknown', 'policy', 'No such policy has been published.');
    const { version, policy } = published;
    const complaint = randomUUID();
    const id = randomUUID();
    const versions = await versionsNow(database, policy);
    const calendars = Object.keys(versions).length > 0 ? { calendars: versions } : {};
    const late = filing.receivedAt && (await beginsAfter(database, versions, filing.receivedAt));
    if (late) return (await before(request)) ?? invalid('calendar-years', 'receivedAt', `The calendar ${late} of the policy knows nothing of that day; file it under another policy.`);
    const agreement = await agreementWith(database, policy, versions);
    const filed = await fileComplaint(database, vault, {
      id: complaint,
      words,
      leaseMs: LEASE_MS,
      customer,
      found,
      intent: { id, caller: actor.by, keyDigest: key?.digest ?? null, bodyDigest: key?.body ?? null },
      open(who) {
        const file: File = {
          id,
          name: 'file',
          at,
          data: { complaint, customer: who.id, important: who.important, policy: { name: policy.name, version }, ...filing, ...calendars },
          ...actor,
        };
        const events = openComplaint(file, agreement);
        const sent: StoredStart = { complaint, file, signature: sign(complaint, file) };
        return { events, sent };
      },
    });
    if (filed.filed) {
      kick([filed.intent]);
      const { row, trackingCode, said } = filed;
      return { version: row.head, state: row.state, trackingCode, row, said, repeated: false };
    }
    return again(filed.earlier, key);
  };

  /** What a key was answered with stands, whatever would be answered now; null without one. */
  async function before({ key }: IntakeRequest): Promise<Filed | null> {
    const earlier = key && (await intentByKey(database, key.digest));
    return earlier ? again(earlier, key) : null;
  }

  function again(earlier: Intent, key: IntakeRequest['key']): Promise<Filed> {
    sameBody(earlier, key);
    if (earlier.state === 'open') kick([earlier]);
    return repeated(earlier);
  }

  async function repeated({ subjectId, version }: Intent): Promise<Filed> {
    const row = await complaintById(database, subjectId);
    if (!row) throw new Error(`there is no record of ${subjectId}`);
    const trackingCode = (await vault.read([row.tracking])).get(row.tracking) ?? '';
    const first = version ?? row.head;
    return { version: first, state: await complaintAt(database, subjectId, first), trackingCode, row, said: [], repeated: true };
  }
}

function complainantOf({ actor: { role }, customer }: IntakeRequest): Complainant {
  return 'id' in customer ? customer : { given: customer, byStaff: role !== 'channel' && role !== 'customer' };
}

async function policyOf({ database }: Deps, asked: IntakeRequest['policy']): Promise<PolicyVersion | null> {
  return asked === null ? currentPolicy(database) : policyByName(database, asked.name, asked.version);
}
