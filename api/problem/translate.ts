import { CaseLost, EngineAway, KeyReused, OutcomeUnknown } from '../../engine/failure.js';
import { isDatabaseAway } from '../../prisma/away.js';
import { BadCursor } from '../../prisma/cursor.js';
import { NoSuchCustomer } from '../../prisma/intake.js';
import { KeyDestroyed } from '../../prisma/vault.js';
import { Problem } from './problem.js';

/** Any error as the problem that a caller is told; what nobody expected is `internal` and says nothing of itself. */
export function translate(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof OutcomeUnknown) return Problem.of('outcome-unknown', undefined, { retryAfter: 2 });
  if (error instanceof EngineAway) return Problem.of('engine-away', undefined, { retryAfter: 5 });
  if (error instanceof CaseLost) return Problem.of('case-lost');
  if (error instanceof KeyReused) return Problem.of('key-reused');
  if (error instanceof BadCursor) return Problem.field([{ path: 'cursor', message: 'is no cursor of this list; take `next` of its last answer' }]);
  if (error instanceof NoSuchCustomer || error instanceof KeyDestroyed) return Problem.of('customer-erased');
  if (isDatabaseAway(error)) return Problem.of('database-away', undefined, { retryAfter: 5 });
  return fromParser(error) ?? Problem.of('internal');
}

/** What the body parser and Express's own router throw (http-errors: `status` and `type`). */
function fromParser(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  switch (error.status) {
    case 400: return Problem.of('malformed');
    case 404: return Problem.of('not-found');
    case 413: return Problem.of('too-large');
    case 415: return Problem.of('unsupported-media-type', 'Send UTF-8, and no encoding but gzip, deflate or br.');
    default: return null;
  }
}
