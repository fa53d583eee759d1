import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { Database } from '../prisma/database.js';
import { addDelivery } from '../prisma/deliveries.js';
import { record } from '../prisma/record.js';

export interface FollowUpAttempt {
  complaint: string;
  /** random id of whom to ask */
  customer: string;
  /** what the case has done alone and is not recorded yet */
  events: ComplaintEvent[];
  attempt: { seq: number; attempt: number; of: number };
}

/** Asks the customer once more whether they are satisfied: puts the question into the outbox, once for each attempt (L1.11). */
export function createFollowUp({ database }: { database: Database }) {
  return {
    async attemptFollowUp({ complaint, customer, events, attempt }: FollowUpAttempt): Promise<void> {
      if (events.length > 0) await record(database, { subject: 'complaint', id: complaint, events });
      await addDelivery(database, {
        subject: 'complaint',
        complaint,
        seq: attempt.seq,
        kind: 'follow_up_attempted',
        audience: 'customer',
        recipient: customer,
        ref: null,
      });
    },
  };
}
