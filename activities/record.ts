import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import type { Database } from '../prisma/database.js';
import { record } from '../prisma/record.js';

export type Recording =
  { subject: 'complaint'; id: string; events: ComplaintEvent[] } | { subject: 'investigation'; id: string; events: InvestigationEvent[] };

/** Records what a complaint or investigation did alone; the same events twice are there once. */
export function createRecording({ database }: { database: Database }) {
  return {
    async record(recording: Recording): Promise<void> {
      await record(database, recording);
    },
  };
}
