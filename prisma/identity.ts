import { z } from 'zod';

const text = z.string().nullable();

/**
 * Who a customer is. It lies in the vault as a whole, under the customer's own key. `important` marks a key customer. An unconfirmed
 * address or key is one that nobody of the staff has given, for a customer who was found by a number or address that anybody may know.
 */
export const Identity = z.object({
  key: text, name: text, phone: text, email: text, address: text, handle: text, important: z.boolean(),
  emailUnconfirmed: z.literal(true).optional(), keyUnconfirmed: z.literal(true).optional(),
});
export type Identity = z.infer<typeof Identity>;

/** What a filing says of its customer. */
export type Given = Partial<Identity>;

const FIELDS = ['key', 'name', 'phone', 'email', 'address', 'handle'] as const;
const COMPARED = [...FIELDS, 'important', 'emailUnconfirmed', 'keyUnconfirmed'] as const;

/** Who files, and whether for somebody who was not known before. */
interface Filer {
  byStaff: boolean;
  isNew: boolean;
}

/**
 * What is known after a filing. A channel fills in what was not known and never overwrites; staff correct on the spot
 * (L1.3; spec: api, roles). Null when nothing changes.
 */
export function merged(known: Identity, given: Given, { byStaff, isNew }: Filer): Identity | null {
  const next = { ...known };
  for (const field of FIELDS) {
    const value = given[field]?.trim();
    if (value && (known[field] === null || byStaff)) next[field] = value;
  }
  if (byStaff && given.important !== undefined) next.important = given.important;
  // of somebody new, whoever files is believed
  if (!isNew) doubt(next, known, given, byStaff);
  return COMPARED.every((field) => next[field] === known[field]) ? null : next;
}

/**
 * Marks what of `next` nobody vouches for. Anybody may know a number or an address; what is unconfirmed vouches for nothing, and
 * nothing for itself.
 */
function doubt(next: Identity, known: Identity, given: Given, byStaff: boolean): void {
  const agrees = (one: string | null, other: string | null): boolean => one !== null && one === other;
  const says = {
    key: agrees(known.key, given.key?.trim() ?? null),
    email: agrees(normalEmail(known.email ?? ''), normalEmail(given.email ?? '')),
    phone: agrees(normalPhone(known.phone ?? ''), normalPhone(given.phone ?? '')),
  };
  const byKey = says.key && !known.keyUnconfirmed;
  const byEmail = says.email && !known.emailUnconfirmed;
  const vouched = { key: says.phone || byEmail, email: says.phone || byKey };
  const isKept = { key: next.key === known.key, email: next.email === known.email || says.email };
  for (const field of ['key', 'email'] as const) {
    const isConfirmed = byStaff ? vouched[field] && (says[field] || !isKept[field]) : byKey && !isKept[field];
    if (isConfirmed) Reflect.deleteProperty(next, `${field}Unconfirmed`);
    else if (!isKept[field]) next[`${field}Unconfirmed`] = true;
  }
}

/** What a filing says, as the identity of somebody new. Who is a key customer, staff say. */
export function identityOf(given: Given, byStaff = false): Identity {
  const blank: Identity = { key: null, name: null, phone: null, email: null, address: null, handle: null, important: false };
  return merged(blank, given, { byStaff, isNew: true }) ?? blank;
}

/**
 * A telephone number as it is compared: digits only, without the signs and prefixes of dialling abroad. A Chinese mobile
 * number is the same with and without its country. Null when nothing is left that could be a number.
 */
export function normalPhone(phone: string): string | null {
  const digits = phone.normalize('NFKC').replace(/\D/g, '').replace(/^00/, '').replace(/^86(?=1\d{10}$)/, '');
  return digits.length >= 3 ? digits : null;
}

/** An e-mail address as it is compared. */
export function normalEmail(email: string): string | null {
  const address = email.normalize('NFKC').trim().toLowerCase();
  return address === '' ? null : address;
}

/** Reads an identity as the vault keeps it; null once the customer is erased. */
export function parseIdentity(text: string | null): Identity | null {
  return text === null ? null : Identity.parse(JSON.parse(text));
}
