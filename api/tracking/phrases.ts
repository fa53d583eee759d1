import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { Said } from '../audit/eventWords.js';
import type { Language } from '../http/language.js';

type Phrase = Record<Language, string>;

/** The key steps as the customer is told them (L1.8). What is not here is internal, and is not told. */
export const steps: Partial<Record<ComplaintEvent['type'], Phrase>> = {
  received: { en: 'We have received your complaint.', zh: '我们已收到您的投诉。' },
  accepted: { en: 'Somebody has taken your case on and will see it through.', zh: '已有专人负责您的投诉，并将全程跟进。' },
  answered: { en: 'We have answered you.', zh: '我们已回复您。' },
  dispatched: { en: 'We have asked the department concerned.', zh: '我们已转交相关部门处理。' },
  planned: { en: 'The department has told us what it will do.', zh: '相关部门已给出处理方案。' },
  paused: { en: 'We are waiting to hear from you.', zh: '我们正在等待您的回复。' },
  resumed: { en: 'We are working on your case again.', zh: '我们已继续处理您的投诉。' },
  heard: { en: 'We have received your message.', zh: '我们已收到您的留言。' },
  resolved: { en: 'We have put a solution to you.', zh: '我们已为您提供解决方案。' },
  follow_up_attempted: { en: 'Please tell us whether you are satisfied.', zh: '请告诉我们您是否满意。' },
  reopened: { en: 'We are handling your case again.', zh: '我们将重新处理您的投诉。' },
  unanswered: { en: 'We have not heard from you, and take the matter as settled for now.', zh: '我们未收到您的答复，暂视为已解决。' },
  finalized: { en: 'We have given you our final answer.', zh: '我们已给出最终答复。' },
  extended: { en: 'The time that the rules give us has been extended.', zh: '处理期限已依规延长。' },
  withdrawn: { en: 'The complaint has been withdrawn. You can take that back here.', zh: '投诉已撤回，您可以在此恢复。' },
  root_found: { en: 'We have found what caused it.', zh: '我们已查明根本原因。' },
  improving: { en: 'We are changing what caused it.', zh: '我们正在改进。' },
  verified: { en: 'We have checked that the change works.', zh: '我们已确认改进有效。' },
  closed: { en: 'Your case is closed. A message from you opens a new one.', zh: '您的投诉已结案。如再留言，将为您重新立案。' },
};

const satisfied: Phrase = { en: 'It was noted that you are satisfied. If that is not so, write to us here.', zh: '已记录您表示满意。如有不符，请在此留言。' };
const dissatisfied: Phrase = { en: 'It was noted that you are not satisfied.', zh: '已记录您表示不满意。' };
const saidDissatisfied: Phrase = {
  en: 'It was noted that you are not satisfied. If that is not so, tell us here.', zh: '已记录您表示不满意。如有不符，请在此告知。',
};
const raised: Phrase = { en: 'Your case has been raised to a supervisor.', zh: '您的投诉已升级至主管处理。' };

const extendedTo = (date: string): Phrase => ({
  en: `The time that the rules give us has been extended to ${date}.`, zh: `处理期限已依规延长至${date}。`,
});

/** The step as a sentence, or null for what stays inside. */
export function stepText(event: ComplaintEvent, language: Language): string | null {
  if (event.type === 'followed_up') {
    return (event.data.satisfied ? satisfied : event.role === 'customer' ? dissatisfied : saidDissatisfied)[language];
  }
  if (event.type === 'escalated') return event.data.cause === 'customer' ? raised[language] : null;
  if (event.type === 'extended' && event.data.dueAt !== null) return extendedTo(`${event.data.dueAt.slice(0, 16).replace('T', ' ')} UTC`)[language];
  return steps[event.type]?.[language] ?? null;
}

/** What the customer said or was told in a step: references, none of them internal. */
export function stepWords(event: ComplaintEvent): Said[] {
  const said = wordsOf(event);
  return said.flatMap((ref) => (ref === null ? [] : [{ ref, together: 'parts' in event.data && ref === event.data.parts }]));
}

function wordsOf(event: ComplaintEvent): (string | null)[] {
  switch (event.type) {
    case 'received': return [event.data.text];
    case 'heard': return [event.data.text];
    case 'answered': return [event.data.message, event.data.parts];
    case 'resolved': return [event.data.message ?? event.data.solution];
    case 'finalized': return [event.data.message, event.data.parts, event.data.externalRoute];
    case 'followed_up': return event.role === 'customer' ? [event.data.comment] : [];
    case 'withdrawn': return event.role === 'customer' ? [event.data.reason] : [];
    default: return [];
  }
}

