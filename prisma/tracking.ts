import { randomBytes } from 'node:crypto';

/** A new tracking code: 192 random bits, base64url (spec: evidence, personal data). */
export function newTrackingCode(): string {
  return randomBytes(24).toString('base64url');
}
