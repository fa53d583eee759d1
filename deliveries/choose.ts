import { Undeliverable, type Choose, type Transport } from '../engine/dispatcher.js';
import { customerById } from '../prisma/customers.js';
import type { Database } from '../prisma/database.js';
import type { DueDelivery } from '../prisma/deliveries.js';
import type { Vault } from '../prisma/vault.js';
import { addressOf } from './address.js';
import type { Mail } from './mail.js';

export interface Ways {
  database: Database;
  vault: Vault;
  /** mail to customers, where there is a mail server */
  mail: Mail | null;
  /** the company's own gateway: notices to staff, and what customers without mail are told */
  notices: Transport | null;
}

/** To whom anything can be sent at all. */
export function audiencesOf({ mail, notices }: Pick<Ways, 'mail' | 'notices'>): DueDelivery['audience'][] {
  return [...(mail || notices ? ['customer' as const] : []), ...(notices ? ['staff' as const] : [])];
}

/** Customers who have left an address get mail; everything else goes to the gateway. Nobody writes to a customer who was erased. */
export function createChoose({ database, vault, mail, notices }: Ways): Choose {
  return async ({ audience, recipient }) => {
    if (audience === 'staff') return notices;
    const customer = await customerById(database, vault, recipient);
    if (customer === null) throw new Undeliverable('customer-erased');
    const address = addressOf(customer.identity.email);
    return mail && address !== null ? mail.to(address) : notices;
  };
}
