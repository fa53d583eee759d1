import type { Instant } from '../../domain/time.js';
import { Problem } from './problem.js';

/** What is received or measured lies in the past (spec: sla, whose time). Throws 422. */
export function notInFuture(at: Instant | null | undefined, path: string, now: Instant): void {
  if (at && at > now) throw Problem.field([{ path, message: `must not lie in the future; it is ${now} here` }]);
}
