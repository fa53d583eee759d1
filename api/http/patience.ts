import { within } from '../../engine/within.js';
import { Problem } from '../problem/problem.js';
import type { Method } from './route.js';

/**
 * What a request may take in all. Each call to the database and the engine has a time limit of its own; this is for a request that
 * runs into one after the other (docs/errors.md, while something is away).
 */
const PATIENCE_MS = 19_000;

/** Answers what `work` does, or throws 503 when that takes too long; the work itself goes on to its end. */
export async function withPatience<T>(method: Method, work: Promise<T>): Promise<T> {
  if (await within(PATIENCE_MS, work)) return work;
  throw Problem.of(method === 'get' ? 'database-away' : 'outcome-unknown', undefined, { retryAfter: 5 });
}
