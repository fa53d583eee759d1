import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';
import type { Database } from '../prisma/database.js';
import { recordOrMend, type Recall } from '../prisma/mending.js';

export type Recording =
  { subject: 'complaint'; id: string; events: ComplaintEvent[] } | { subject: 'investigation'; id: string; events: InvestigationEvent[] };

/** Hears of what a case did alone, once it is recorded. */
export type OnRecorded = (events: Recording['events']) => void;

export interface RecordingDeps {
  database: Database;
  /** where a record that was restored to before finds what it has lost */
  recall?: Recall | undefined;
  onRecorded?: OnRecorded | undefined;
}

/** Records what a complaint or investigation did alone; the same events twice are there once. */
export function createRecording({ database, recall, onRecorded }: RecordingDeps) {
  return {
    async record(recording: Recording): Promise<void> {
      await recordOrMend(database, recording, recall);
      onRecorded?.(recording.events);
    },
  };
}
