import { randomUUID } from 'node:crypto';
import type { ComplaintEvent } from '../domain/complaint/event.js';
import { progress } from './cases.js';
import { complaintColumns, departmentsOf } from './columns.js';
import type { ComplaintRow } from './complaints.js';
import { customerById, findCustomer, type Customer } from './customers.js';
import { isDuplicate, type Database } from './database.js';
import { CustomerChanged, writeFiling, type PreparedIntake } from './filing.js';
import type { Given } from './identity.js';
import type { Intent } from './intent.js';
import { intentByKey } from './intents.js';
import { newTrackingCode } from './tracking.js';
import type { Vault, Words } from './vault.js';

/** Who complains. */
export type Complainant = { given: Given; byStaff: boolean } | { id: string };

export interface Intake {
  /** random; the id of the complaint */
  id: string;
  /** what the filing says of its customer, or the id of one who is known */
  customer: Complainant;
  /** who that is, when it has been looked up already: used for the first attempt only */
  found?: Customer;
  /** text, demand …: sealed under the customer's key */
  words: Words[];
  /** the start of the workflow, which is also the record of the Idempotency-Key */
  intent: { id: string; caller: string; keyDigest: string | null; bodyDigest: string | null };
  /**
   * Decides the first events, and what the workflow that starts with them is started with, once it is known who the customer is.
   * May be called again when two filings of one new customer meet: it must be pure. What it throws ends the intake, and nothing is kept.
   */
  open(customer: { id: string; important: boolean }): { events: ComplaintEvent[]; sent: unknown };
  /** how long a sweeper leaves the start to the caller */
  leaseMs: number;
}

export type Filed =
  | {
      filed: true;
      row: ComplaintRow;
      trackingCode: string;
      intent: Intent;
      /** what the vault has got beside the words of the intake: tracking code and identity, as it would read them */
      said: Words[];
    }
  /** the key was used before; nothing was written */
  | { filed: false; earlier: Intent };

/** The customer that an intake names is not there, or was erased. */
export class NoSuchCustomer extends Error {
  constructor(id: string) {
    super(`there is no customer ${id}`);
    this.name = 'NoSuchCustomer';
  }
}

/**
 * Takes a complaint in, in one transaction: customer, words, row, events with their chain, outbox, start of the workflow.
 * Needs no engine. Two filings of the same new customer at once make one customer; two with one key, one complaint.
 */
export async function fileComplaint(database: Database, vault: Vault, intake: Intake): Promise<Filed> {
  for (let attempt = 1; ; attempt += 1) {
    const known = attempt === 1 ? intake.found : undefined;
    const customer = known ?? (await customerOf(database, vault, intake.customer));
    try {
      const filing = await prepare(database, vault, intake, customer);
      const intent = await writeFiling(database, filing);
      if (intent) return { filed: true, row: filing.row, trackingCode: filing.trackingCode, intent, said: saidOf(filing) };
      const earlier = intake.intent.keyDigest === null ? null : await intentByKey(database, intake.intent.keyDigest);
      if (earlier) return { filed: false, earlier };
    } catch (error) {
      // somebody else wrote this customer in between, and is found the next time
      if (attempt >= 10 || !(error instanceof CustomerChanged || isDuplicate(error, 'customer_'))) throw error;
    }
  }
}

function saidOf({ row, trackingCode, customer }: PreparedIntake): Words[] {
  return [{ ref: row.tracking, text: trackingCode }, { ref: row.identity, text: JSON.stringify(customer.identity) }];
}

/** Throws `NoSuchCustomer`. Writes nothing. */
export async function customerOf(database: Database, vault: Vault, complainant: Complainant): Promise<Customer> {
  if ('given' in complainant) return findCustomer(database, vault, complainant.given, complainant.byStaff);
  const found = await customerById(database, vault, complainant.id);
  if (!found) throw new NoSuchCustomer(complainant.id);
  return found;
}

async function prepare(database: Database, vault: Vault, intake: Intake, customer: Customer): Promise<PreparedIntake> {
  const { events, sent } = intake.open({ id: customer.id, important: customer.identity.important });
  const begun = progress('complaint', intake.id, { head: 0, hash: null, state: null }, events);
  if (!begun) throw new TypeError('a complaint begins with an event');
  const { head, hash, state } = begun;
  const trackingCode = newTrackingCode();
  const tracking = randomUUID();
  const words = await vault.seal(customer.id, [...intake.words, { ref: tracking, text: trackingCode }], customer.created?.key);
  const intent = { kind: 'start' as const, subject: 'complaint' as const, subjectId: intake.id, name: 'start', sent, ...intake.intent };
  return {
    customer, trackingCode, leaseMs: intake.leaseMs,
    row: {
      id: intake.id, head, hash, state, tracking, customer: customer.id, identity: customer.ref,
      filedBy: state.filedBy, departments: departmentsOf(state),
    },
    intent,
    words: [...words.map((one) => ({ intent: intake.intent.id, ...one })), ...(customer.created ? [customer.created.words] : [])],
    complaint: {
      id: intake.id, head, hash, customer: customer.id, filed_by: state.filedBy,
      tracking, tracking_digest: vault.digest('tracking', trackingCode), history_wanted: begun.ended, ...(await complaintColumns(database, state)),
    },
    events: begun.events,
    deliveries: begun.deliveries.map((one) => ({ state: 'pending', ...one })),
  };
}
