import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { WordsRef } from '../../domain/event.js';
import type { Hearing } from '../access/words.js';

const REF = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Fields of events that hold a reference to words, in the order they are read out. `reason` is a code in some. */
const fields = ['text', 'demand', 'solution', 'message', 'parts', 'plan', 'handling', 'externalRoute', 'comment', 'reason', 'note'] as const;
/** What the customer said, or was told. */
const ofTheCustomer: readonly ComplaintEvent['type'][] = ['received', 'heard', 'answered', 'resolved', 'finalized'];

/** The words in an event that such a reader may open. */
export function wordsIn(event: ComplaintEvent, hearing: Hearing, state: Complaint): WordsRef[] {
  if (!opens(event, hearing, state)) return [];
  const data: Record<string, unknown> = { ...event.data };
  const said = hearing.hears === 'filed' ? fields.filter((field) => field !== 'reason' && field !== 'note') : fields;
  return said.map((field) => data[field]).filter((value) => typeof value === 'string' && REF.test(value)).map(String);
}

function opens(event: ComplaintEvent, hearing: Hearing, { requests }: Complaint): boolean {
  switch (hearing.hears) {
    case 'all':
      return true;
    case 'filed':
      return ofTheCustomer.includes(event.type);
    case 'requests':
      if (event.type === 'dispatched' || event.type === 'agreed' || event.type === 'contested') return event.data.department === hearing.department;
      if (event.type !== 'planned' && event.type !== 'returned') return false;
      return requests.some(({ id, department }) => id === event.data.request && department === hearing.department);
    case 'none':
      return false;
  }
}

/** Words that were kept together as JSON (parts, demand) as one line. */
export function asLine(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    const together: unknown = JSON.parse(text);
    return typeof together === 'object' && together !== null ? Object.values(together).join(' · ') : text;
  } catch {
    return text;
  }
}
