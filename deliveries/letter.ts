import { stepText, stepWords } from '../api/tracking/phrases.js';
import { asLine } from '../api/audit/eventWords.js';
import { complaintsByIds } from '../prisma/complaints.js';
import type { Database } from '../prisma/database.js';
import type { DueDelivery } from '../prisma/deliveries.js';
import { chainOf } from '../prisma/events.js';
import type { Vault } from '../prisma/vault.js';

/** A mail as plain text. Its subject says nothing of the case: it is read in transit, and over shoulders. */
export interface Letter {
  subject: string;
  text: string;
}

const SUBJECT = 'Your complaint / 您的投诉';
const gone = { zh: '（相关内容已不再保留。）', en: '(The text is no longer kept.)' };
const news = { zh: '您的投诉有新的进展。', en: 'There is news of your complaint.' };
const follow = { zh: '查看进度或留言：', en: 'Follow it, or write to us: ' };
/** So many characters of a message go into a mail; all of it is on the tracking page. */
const LONGEST = 10_000;

export interface Writing {
  database: Database;
  vault: Vault;
  /** where customers reach the API, for the link to the case; null: no link */
  publicUrl: string | null;
}

/**
 * Writes what a customer is told, in Chinese and English, from what the vault holds at this moment. The words of an erased customer
 * are gone, and it says so.
 */
export async function letterOf({ database, vault, publicUrl }: Writing, delivery: DueDelivery): Promise<Letter> {
  const { complaint, seq, ref } = delivery;
  const [link] = await chainOf(database, 'complaint', complaint, { after: seq - 1, upTo: seq });
  const [row] = await complaintsByIds(database, [complaint]);
  // what is meant for the customer, and what was kept with it (the parts of an answer)
  const said = ref === null ? [] : [{ ref, together: false }, ...(link ? stepWords(link.event).filter((one) => one.ref !== ref) : [])];
  const words = await vault.read([row?.tracking, ...said.map((one) => one.ref)]);
  const lines = said.map((one) => asLine(one, words.get(one.ref) ?? null));
  const code = row ? (words.get(row.tracking) ?? null) : null;
  const address = publicUrl === null || code === null ? null : new URL(`v1/track/${code}`, publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`).href;
  const part = (language: 'zh' | 'en') => [
    (link && stepText(link.event, language)) ?? news[language],
    ...(lines.includes(null) ? [gone[language]] : []),
    ...(address === null ? [] : [`${follow[language]}${address}`]),
  ].join('\n');
  const message = lines.filter((line) => line !== null).join('\n\n').slice(0, LONGEST);
  return { subject: SUBJECT, text: [part('zh'), part('en'), ...(message === '' ? [] : [message])].join('\n\n') };
}
