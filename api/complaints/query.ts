import { Code, Sub } from '../../domain/complaint/schema.js';
import { channels, specials, tiers } from '../../domain/complaint/terms.js';
import { Moment } from '../../domain/schema.js';
import { z } from '../openapi/zod.js';

/** How a list is paged: at most 200 at a time, 50 unless told; `next` of one answer is the `cursor` of the next request. */
export const Paging = { limit: z.string().regex(/^\d{1,4}$/, 'must be a whole number').transform(Number).pipe(z.int().min(1).max(200)).default(50).meta({ type: 'integer', minimum: 1, maximum: 200, default: 50 }), cursor: z.string().max(500).regex(/^[\w-]+$/, 'is no cursor of this list').optional() };

/** Filters of the list of complaints (spec: api, complaints). Searching by words (`q`) comes with a later release. */
export const ListQuery = z.strictObject({
  status: z.enum(['open', 'paused', 'resolved', 'closed', 'duplicate']).optional(),
  level: z.enum(['1', '2', '3']).transform((text) => (text === '1' ? 1 : text === '2' ? 2 : 3)).optional(),
  tier: z.enum(tiers).optional(),
  type: Code.optional(),
  channel: z.enum(channels).optional(),
  department: Code.optional(),
  owner: Sub.optional(),
  overdue: z.enum(['true', 'false']).transform((text) => text === 'true').optional(),
  special: z.enum(specials).optional(),
  from: Moment.optional().describe('received at this instant or later'),
  to: Moment.optional().describe('received before this instant'),
  sort: z.enum(['dueAt', 'receivedAt']).default('receivedAt').describe('most urgent first, or latest received first'),
  ...Paging,
});
export type ListQuery = z.infer<typeof ListQuery>;
