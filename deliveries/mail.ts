import { createTransport } from 'nodemailer';
import { Undeliverable, type Transport } from '../engine/dispatcher.js';
import type { DueDelivery } from '../prisma/deliveries.js';
import type { Letter } from './letter.js';

/** Mail to customers. */
export interface Mail {
  /** the transport to one address */
  to(address: string): Transport;
  close(): void;
}

export interface MailOptions {
  /** smtp://user:password@host:port or smtps://… */
  url: string;
  /** the sender, such as `Care <care@example.com>` */
  from: string;
  write(delivery: DueDelivery): Promise<Letter>;
  /** how long the server may take for a connection, for a greeting, and for each answer of the dialogue */
  timeoutMs?: number | undefined;
}

/** Sends through one's own mail server, over a few connections that are kept. */
export function openMail({ url, from, write, timeoutMs = 15_000 }: MailOptions): Mail {
  const mailer = createTransport({
    url,
    pool: true,
    // as many as the dispatcher sends at once: none waits for another within its lease
    maxConnections: 8,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // a mail is made of its text alone
    disableFileAccess: true,
    disableUrlAccess: true,
  }, { from });
  const host = hostOf(from);
  return {
    to: (address) => ({
      name: 'mail',
      async send(delivery) {
        const { subject, text } = await write(delivery);
        try {
          await mailer.sendMail({
            to: { name: '', address },
            subject,
            text,
            // the same over repeats, so that a mailbox can tell
            messageId: `<${delivery.id}@${host}>`,
            // nobody's absence answers a machine (RFC 3834)
            headers: { 'Auto-Submitted': 'auto-generated' },
          });
        } catch (error) {
          throw refusalIn(error) ?? error;
        }
      },
    }),
    close: () => { mailer.close(); },
  };
}

/** What a server says for good of this address or this mail (5xx); what it says of us (sign-in, sender) is tried again. */
function refusalIn(error: unknown): Undeliverable | null {
  if (!(error instanceof Error) || !('responseCode' in error) || typeof error.responseCode !== 'number') return null;
  const command = 'command' in error ? error.command : null;
  const forGood = error.responseCode >= 500 && error.responseCode < 600;
  return forGood && (command === 'RCPT TO' || command === 'DATA') ? new Undeliverable(`refused-${String(error.responseCode)}`) : null;
}

function hostOf(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'threefold.invalid';
}
