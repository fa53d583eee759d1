import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { Problem } from '../problem/problem.js';
import { createTally, type Limit } from './tally.js';

export interface TrackingLimits {
  /** wrong codes that come from one address */
  wrongCodes: Limit;
  /** what is sent under one code */
  sent: Limit;
}

export const trackingLimits: TrackingLimits = { wrongCodes: { most: 20, withinMs: 5 * 60_000 }, sent: { most: 30, withinMs: 5 * 60_000 } };

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Codes cannot be guessed, and who tries is slowed (spec: api, public). Only what was not found counts, once it is answered, so that
 * right codes never stand in each other's way. What is sent under one code is bounded too: nobody has to sign in for it.
 */
export function limitTracking({ wrongCodes, sent }: TrackingLimits): RequestHandler {
  const wrong = createTally(wrongCodes);
  const sending = createTally(sent);
  return (request, response, next) => {
    const address = ipKeyGenerator(request.ip ?? '');
    refuse(wrong.wait(address), 'Too many wrong tracking codes came from this address.');
    if (!READING.has(request.method)) {
      const code = codeOf(request);
      refuse(sending.wait(code), 'Too much was sent under this tracking code.');
      sending.add(code);
    }
    response.on('finish', () => {
      // a path that is none says nothing of a code
      if (response.locals['route'] !== undefined && response.statusCode === 404) wrong.add(address);
    });
    next();
  };
}

function refuse(seconds: number, detail: string): void {
  if (seconds > 0) throw Problem.of('too-many-requests', detail, { retryAfter: seconds });
}

/** The code in the path, however it is escaped. */
function codeOf({ path }: Request): string {
  const code = path.split('/')[1] ?? '';
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}
