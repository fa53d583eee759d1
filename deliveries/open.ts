import type { DispatcherOptions } from '../engine/dispatcher.js';
import type { Database } from '../prisma/database.js';
import type { Vault } from '../prisma/vault.js';
import { audiencesOf, createChoose } from './choose.js';
import { letterOf } from './letter.js';
import { openMail, type MailOptions } from './mail.js';
import { openNotices, type NoticesOptions } from './notices.js';

/** How what is in the outbox leaves; what is not set, does not. */
export interface TransportSettings {
  mail: Pick<MailOptions, 'url' | 'from' | 'timeoutMs'> | null;
  notices: NoticesOptions | null;
  publicUrl: string | null;
}

export interface Transports extends Pick<DispatcherOptions, 'choose' | 'audiences'> {
  close(): void;
}

/** The transports that are set up; null where there is none, and nothing is dispatched. */
export function openTransports({ database, vault }: { database: Database; vault: Vault }, settings: TransportSettings): Transports | null {
  const { publicUrl } = settings;
  const mail = settings.mail && openMail({ ...settings.mail, write: (delivery) => letterOf({ database, vault, publicUrl }, delivery) });
  const notices = settings.notices && openNotices(settings.notices);
  const audiences = audiencesOf({ mail, notices });
  if (audiences.length === 0) return null;
  return { choose: createChoose({ database, vault, mail, notices }), audiences, close: () => mail?.close() };
}
