import { z } from '../openapi/zod.js';

/** The body of every refusal (RFC 9457). */
export const ProblemShape = z.strictObject({
  type: z.string(), title: z.string(), status: z.int(), code: z.string().describe('stable, kebab-case; docs/errors.md explains each'),
  detail: z.string(),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional().describe('for invalid input, one for each field'),
  missing: z.array(z.string()).optional().describe('at a shut gate'),
}).openapi('Problem');
