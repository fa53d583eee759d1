import { z } from 'zod';
import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { Complaint } from '../../domain/complaint/state.js';
import type { WordsRef } from '../../domain/event.js';
import type { Hearing } from '../access/words.js';

const REF = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Fields of events that hold a reference to words, in the order they are read out. `reason` is a code in some. */
const fields = ['text', 'demand', 'solution', 'message', 'parts', 'plan', 'handling', 'externalRoute', 'comment', 'reason', 'note'] as const;
/** What the customer said, or was told. */
const ofTheCustomer: readonly ComplaintEvent['type'][] = ['received', 'heard', 'answered', 'resolved', 'finalized'];

/** Words in an event. */
export interface Said {
  ref: WordsRef;
  /** several texts that were kept as one of JSON (parts, demand) */
  together: boolean;
}

/** The words in an event that such a reader may open. */
export function wordsIn(event: ComplaintEvent, hearing: Hearing, state: Complaint): Said[] {
  if (!opens(event, hearing, state)) return [];
  // what a classification changed stands by itself
  const data: Record<string, unknown> = event.type === 'classified' ? { ...event.data, ...event.data.changes } : { ...event.data };
  const said = hearing.hears === 'filed' ? fields.filter((field) => field !== 'reason' && field !== 'note') : fields;
  const words = said.flatMap((field) => {
    const ref = data[field];
    return typeof ref === 'string' && REF.test(ref) ? [{ ref, together: field === 'parts' || field === 'demand' }] : [];
  });
  return hearing.hears === 'all' ? [...words, ...evidenceIn(event)] : words;
}

/** What shows that a department had found the problem itself (L2.4), in the proposal as in the decision. */
function evidenceIn(event: ComplaintEvent): Said[] {
  if (event.type !== 'attributed' && event.type !== 'decided') return [];
  return event.data.shares.flatMap(({ evidence }) => (evidence ? [{ ref: evidence.text, together: false }] : []));
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

/** Words as one line, or null when they are gone. What a person wrote stays as it is, though it look like JSON. */
export function asLine({ together }: Pick<Said, 'together'>, text: string | null): string | null {
  return text === null || !together ? text : Object.values(Together.parse(JSON.parse(text))).join(' · ');
}

const Together = z.record(z.string(), z.string());
