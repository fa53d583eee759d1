import type { Instant } from '../domain/time.js';
import type { Subject } from './subject.js';

export type IntentKind = 'start' | 'command' | 'signal';

/** What somebody asked for: idempotency record, owner of the words, and what a sweeper can finish. */
export interface Intent {
  /** also the Temporal update id */
  id: string;
  kind: IntentKind;
  subject: Subject;
  subjectId: string;
  name: string;
  caller: string;
  keyDigest: string | null;
  bodyDigest: string | null;
  /** the signed command, or the input of the workflow for a start */
  sent: unknown;
  state: 'open' | 'done';
  /** version of the case in the answer; null while it is not known. An intake knows it at once, though its start may be open. */
  version: number | null;
  /** senders it has had, whoever wrote it counted */
  attempts: number;
  createdAt: Instant;
}

/** An intent as it is handed in. */
export interface NewIntent {
  id: string;
  kind: IntentKind;
  subject: Subject;
  subjectId: string;
  name: string;
  caller: string;
  /** `vault.digest('idempotency', …)` of caller, path and key; null when no key was sent */
  keyDigest: string | null;
  bodyDigest: string | null;
  sent: unknown;
}

/** As `jsonb_populate_record(null::intent, …)` reads it. */
export function intentRow(intent: NewIntent, rest: { opens?: unknown; version?: number | null } = {}) {
  const { id, kind, subject, subjectId, name, caller, keyDigest, bodyDigest, sent } = intent;
  return {
    id, kind, subject, subject_id: subjectId, name, caller, key_digest: keyDigest, body_digest: bodyDigest, sent,
    opens: rest.opens ?? null, version: rest.version ?? null, state: 'open',
  };
}

/** A row of `intent` as Postgres answers it. */
export interface IntentColumns {
  id: string;
  kind: IntentKind;
  subject: Subject;
  subject_id: string;
  name: string;
  caller: string;
  key_digest: string | null;
  body_digest: string | null;
  sent: unknown;
  state: 'open' | 'done';
  version: number | null;
  attempts: number;
  created_at: Date;
}

/** The intent in a row of `intent`. */
export function intentOf(row: IntentColumns): Intent {
  const { id, kind, subject, name, caller, sent, state, version, attempts } = row;
  return {
    id, kind, subject, subjectId: row.subject_id, name, caller, keyDigest: row.key_digest, bodyDigest: row.body_digest,
    sent, state, version, attempts, createdAt: row.created_at.toISOString(),
  };
}

/** The intent that was just written, as it stands in the database. */
export function createdOf(intent: NewIntent, { created_at }: { created_at: Date }, version: number | null = null): Intent {
  return { state: 'open', version, attempts: 1, createdAt: created_at.toISOString(), ...intent };
}
