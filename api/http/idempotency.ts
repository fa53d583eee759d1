import canonicalize from 'canonicalize';
import type { Request } from 'express';
import type { IdempotencyKey } from '../../engine/engine.js';
import { Problem } from '../problem/problem.js';

/** A keyed digest (HMAC) for one purpose. */
export type Digest = (purpose: 'idempotency' | 'body', value: string) => string;

const PRINTABLE = /^[\x21-\x7e]{1,255}$/;

/** Throws `malformed-header` for a key that is none: before anything of the body is looked at (spec: api, order of checks). */
export function checkKey(request: Request): string | undefined {
  const key = request.get('Idempotency-Key');
  if (key !== undefined && !PRINTABLE.test(key)) throw Problem.of('malformed-header', 'An Idempotency-Key has 1 to 255 printable characters and no space.');
  return key;
}

/**
 * What a POST with an `Idempotency-Key` is known by, or null without one: keys are scoped by caller and path, bodies compared in
 * their canonical form (RFC 8785), both as keyed digests.
 */
export function idempotencyKey(request: Request, caller: string, digest: Digest): IdempotencyKey | null {
  const key = checkKey(request);
  if (key === undefined) return null;
  const body: unknown = request.body;
  return {
    digest: digest('idempotency', JSON.stringify([caller, request.path, key])),
    body: digest('body', canonicalize(body === undefined ? {} : body) ?? ''),
  };
}

/** A key for one more step of the same request, so that a repeat repeats each. */
export function stepKey(key: IdempotencyKey | null, step: string, digest: Digest): IdempotencyKey | null {
  return key && { digest: digest('idempotency', JSON.stringify([key.digest, step])), body: key.body };
}
