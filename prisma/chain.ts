import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ActingRole } from '../domain/event.js';
import type { Instant } from '../domain/time.js';

/** An event as the chain sees it: of either kind of case. */
export interface ChainedEvent {
  seq: number;
  at: Instant;
  by: string;
  role: ActingRole;
  command: string | null;
  type: string;
  data: unknown;
}

/** JSON in the one form that can be signed and hashed (RFC 8785). Throws on what is not JSON. */
export function canonicalForm(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only JSON has a canonical form');
  return text;
}

/**
 * The hash of an event in the chain of its case: SHA-256, in hex, over the canonical form of the event, the id of its case
 * (under `complaint`, for an investigation too) and the previous hash, which is null for the first (spec: evidence, chain).
 */
export function chainHash(previous: string | null, complaint: string, event: ChainedEvent): string {
  const { seq, at, by, role, command, type, data } = event;
  return createHash('sha256').update(canonicalForm({ complaint, seq, at, by, role, command, type, data, previous })).digest('hex');
}
