import { Webhook } from 'standardwebhooks';
import { Undeliverable, type Transport } from '../engine/dispatcher.js';
import type { DueDelivery } from '../prisma/deliveries.js';

export interface NoticesOptions {
  url: string;
  /** `whsec_` and base64, as Standard Webhooks has it */
  secret: string;
  timeoutMs?: number | undefined;
}

/** Statuses that speak of the way to the gateway and not of the notice: signing in, a proxy, a place that is not there yet, a rush. */
const OF_THE_WAY = new Set([401, 403, 404, 407, 408, 421, 425, 429]);

/** The way to the gateway. */
export interface Notices {
  /** for these people, by their `sub`; null: the gateway knows who that is */
  to(people: readonly string[] | null): Transport;
}

/**
 * A company's own gateway, which knows how to reach its people: each notice is posted after Standard Webhooks, under the delivery's id.
 * It carries no words, only who is to be told of what; the gateway reads the case through the API if it needs more.
 */
export function openNotices({ url, secret, timeoutMs = 10_000 }: NoticesOptions): Notices {
  const webhook = new Webhook(secret);
  const to = (people: readonly string[] | null): Transport => ({
    name: 'notices',
    async send(delivery) {
      const body = JSON.stringify(noticeOf(delivery, people));
      const now = new Date();
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'Content-Type': 'application/json',
          'webhook-id': delivery.id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': webhook.sign(delivery.id, now, body),
        },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      const { status } = response;
      if (response.ok) return;
      if (status >= 400 && status < 500 && !OF_THE_WAY.has(status)) throw new Undeliverable(`refused-${String(status)}`);
      throw new Error(`the gateway answered ${String(status)}`);
    },
  });
  return { to };
}

/** What is told, in references only. */
export function noticeOf({ subject, complaint, seq, kind, audience, recipient, createdAt }: DueDelivery, people: readonly string[] | null) {
  const data = { subject, id: complaint, seq, kind, audience, recipient, ...(people && { people }) };
  return { type: `${subject}.${kind}`, timestamp: createdAt, data };
}
