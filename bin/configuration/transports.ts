import { z } from 'zod';
import { readSecret } from '../keys.js';
import { text, wrong } from './environment.js';

/** How what is in the outbox leaves. Where neither is set, it waits. */
export interface TransportConfiguration {
  /** mail to customers */
  mail: { url: string; from: string } | null;
  /** a company's own gateway for notices to staff, and to customers without mail; signed after Standard Webhooks */
  notices: { url: string; secret: string } | null;
  /** where customers find Threefold, for links */
  publicUrl: string | null;
}

export const transports = z.object({
  THREEFOLD_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional().describe('the address of the mail server, smtp://user:password@host:port or smtps://…'),
  THREEFOLD_MAIL_FROM: text.optional().describe('the sender of mail to customers, such as Care <care@example.com>'),
  THREEFOLD_NOTICES_URL: z.url({ protocol: /^https?$/ }).optional().describe('the URL of the gateway that notices are posted to'),
  THREEFOLD_NOTICES_SECRET_FILE: text.optional().describe('a file with the secret that notices are signed with, whsec_ and base64'),
  THREEFOLD_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional().describe('the URL where customers reach the API, for links'),
});

/** Standard Webhooks: base64, `whsec_` before it or not. Throws `Exit` 2 for what is none. */
function signingSecret(path: string): string {
  const secret = readSecret(path);
  if (!/^(whsec_)?(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret)) {
    throw wrong(transports, 'THREEFOLD_NOTICES_SECRET_FILE', 'is not valid');
  }
  return secret;
}

/** Throws `Exit` 2 where one half of a transport is missing. */
export function transportsOf(read: z.infer<typeof transports>): TransportConfiguration {
  const { THREEFOLD_SMTP_URL: smtp, THREEFOLD_MAIL_FROM: from } = read;
  const { THREEFOLD_NOTICES_URL: notices, THREEFOLD_NOTICES_SECRET_FILE: secret } = read;
  if (smtp !== undefined && from === undefined) throw wrong(transports, 'THREEFOLD_MAIL_FROM', 'is not set');
  if (notices !== undefined && secret === undefined) throw wrong(transports, 'THREEFOLD_NOTICES_SECRET_FILE', 'is not set');
  return {
    mail: smtp === undefined || from === undefined ? null : { url: smtp, from },
    notices: notices === undefined || secret === undefined ? null : { url: notices, secret: signingSecret(secret) },
    publicUrl: read.THREEFOLD_PUBLIC_URL ?? null,
  };
}
