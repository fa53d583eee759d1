import { COMPANY } from '../domain/roster/schema.js';
import { DAY, instant, plus } from '../domain/time.js';
import { Undeliverable, type Choose, type Later, type Transport } from '../engine/dispatcher.js';
import { postOfCase, onDuty } from '../prisma/onDuty.js';
import { customerById } from '../prisma/customers.js';
import type { Database } from '../prisma/database.js';
import type { DueDelivery } from '../prisma/deliveries.js';
import type { Vault } from '../prisma/vault.js';
import { addressOf } from './address.js';
import type { Mail } from './mail.js';
import type { Notices } from './notices.js';

export interface Ways {
  database: Database;
  vault: Vault;
  /** mail to customers, where there is a mail server */
  mail: Mail | null;
  /** the company's own gateway: notices to staff, and what customers without mail are told */
  notices: Notices | null;
}

/** To whom anything can be sent at all. */
export function audiencesOf({ mail, notices }: Pick<Ways, 'mail' | 'notices'>): DueDelivery['audience'][] {
  return [...(mail || notices ? ['customer' as const] : []), ...(notices ? ['staff' as const] : [])];
}

/** Customers who have left an address get mail; everything else goes to the gateway. Nobody writes to a customer who was erased. */
export function createChoose({ database, vault, mail, notices }: Ways): Choose {
  return async (delivery) => {
    const { audience, recipient } = delivery;
    if (audience === 'staff') return notices && staffWay(database, notices, delivery);
    const customer = await customerById(database, vault, recipient);
    if (customer === null) throw new Undeliverable('customer-erased');
    const { email, emailUnconfirmed } = customer.identity;
    // whoever knows a number could else have the answers to its owner sent to themselves
    const address = emailUnconfirmed ? null : addressOf(email);
    return mail && address !== null ? mail.to(address) : notices?.to(null) ?? null;
  };
}

/** What is for a rung goes to who stands at it, at an hour they may be called; where no roster says who, the gateway has to know. */
async function staffWay(database: Database, notices: Notices, delivery: DueDelivery): Promise<Transport | Later> {
  const { recipient, subject, complaint } = delivery;
  const [, rung, deputies] = RUNG.exec(recipient) ?? [];
  if (rung === undefined) return notices.to(null);
  const { department, isUrgent } = subject === 'complaint' ? await postOfCase(database, complaint) : { department: COMPANY, isUrgent: false };
  const now = instant(Date.now());
  const standing = await onDuty(database, { department, rung: Number(rung), deputies: deputies !== undefined }, now);
  if (standing && standing.at > plus(now, LONGEST_OFF_MS)) return notices.to(null);
  // nobody's night comes before somebody's safety
  return standing && standing.at > now && !isUrgent ? { at: standing.at } : notices.to(standing?.people ?? null);
}

/** Whoever is away for longer is not waited for: the gateway has to know somebody else. */
const LONGEST_OFF_MS = 4 * DAY;
const RUNG = /^rung:(\d)(:deputy)?$/;
