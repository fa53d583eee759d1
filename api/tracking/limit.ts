import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { Problem } from '../problem/problem.js';

export interface WrongCodes {
  /** how many wrong codes one address may try */
  most: number;
  withinMs: number;
}

export const wrongCodes: WrongCodes = { most: 20, withinMs: 5 * 60_000 };

/** Codes cannot be guessed, and who tries is slowed: only what was not found counts (spec: api, public). */
export function limitWrongCodes({ most, withinMs }: WrongCodes): RequestHandler {
  return rateLimit({
    windowMs: withinMs, limit: most, standardHeaders: 'draft-8', legacyHeaders: false, validate: false,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 404,
    handler: (_request, _response, next) => {
      next(Problem.of('too-many-requests', 'Too many wrong tracking codes came from this address.', { retryAfter: Math.ceil(withinMs / 1000) }));
    },
  });
}
