import type { Instant } from './time.js';

/** A random reference to words in the vault. Text itself never enters a history (spec: evidence, personal data). */
export type WordsRef = string;

/** Roles a person or machine may act in (spec: product, who uses it). */
export const roles = ['agent', 'department', 'supervisor', 'quality', 'auditor', 'admin', 'channel'] as const;
export type Role = (typeof roles)[number];

/** The role that allowed an event: one of a token's roles, the customer on the tracking page, or Threefold itself. */
export type ActingRole = Role | 'customer' | 'system';

/** What every change leaves behind. `seq` runs without gaps from 1 within its complaint or investigation. */
export interface Recorded<Type extends string, Data> {
  seq: number;
  at: Instant;
  /** the opaque `sub` of the person, or `customer`, or `system` */
  by: string;
  role: ActingRole;
  /** id of the intent that caused it; null for what a case did alone */
  command: string | null;
  type: Type;
  data: Data;
}

/** An event that has been decided and has not yet got its number. */
export type Draft<E> = E extends Recorded<string, unknown> ? Omit<E, 'seq'> : never;

/** Who acts, and with what authority, as the API verified it. */
export interface Actor {
  by: string;
  role: ActingRole;
  /** rung of a supervisor's token */
  rung: number | null;
  department: string | null;
}

/** What every command carries, whatever it asks for. All of it is signed (spec: evidence, author). */
export interface Envelope<Name extends string, Data> extends Actor {
  /** the intent's id, and the Temporal update id */
  id: string;
  name: Name;
  /** when the intent was written */
  at: Instant;
  data: Data;
}

/** A command on its way into the engine. */
export interface Sent<C> {
  command: C;
  /** head of the record when the command was sent: the answer holds every event after it */
  head: number;
  /** version the caller saw (`If-Match`), or null */
  ifMatch: number | null;
  /** Ed25519 over the canonical form of `command` and the id of its target, base64url */
  signature: string;
}

/** What an update answers: every event after the head that the command carried. */
export interface Answer<E> {
  version: number;
  events: E[];
}

/** In place of a version: the command has not been taken, and never will be, whoever sends it. */
export const SETTLED = 0;
