import type { ComplaintEvent } from '../domain/complaint/event.js';
import { addDelivery } from '../prisma/deliveries.js';
import { recordOrMend } from '../prisma/mending.js';
import type { RecordingDeps } from './record.js';

export interface FollowUpAttempt {
  complaint: string;
  /** random id of whom to ask */
  customer: string;
  /** what the case has done alone and is not recorded yet */
  events: ComplaintEvent[];
  attempt: { seq: number; attempt: number; of: number };
}

/** Asks the customer once more whether they are satisfied: puts the question into the outbox, once for each attempt (L1.11). */
export function createFollowUp({ database, recall, onRecorded }: RecordingDeps) {
  return {
    async attemptFollowUp({ complaint, customer, events, attempt }: FollowUpAttempt): Promise<void> {
      if (events.length > 0) await recordOrMend(database, { subject: 'complaint', id: complaint, events }, recall);
      await addDelivery(database, {
        subject: 'complaint',
        complaint,
        seq: attempt.seq,
        kind: 'follow_up_attempted',
        audience: 'customer',
        recipient: customer,
        ref: null,
      });
      onRecorded?.(events);
    },
  };
}
