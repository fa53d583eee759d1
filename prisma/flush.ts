import { Prisma } from './generated/client.js';

/**
 * Has the transaction that selects it not wait at its commit until it is on the disc; everybody sees it at once all the same. A server
 * that dies within the next moments may take it back, so only for what is done again then: the outcome of an intent, which is found
 * open after such a death, for the write of the intent itself was waited for (docs/decisions/0007).
 */
export const unflushed = Prisma.sql`set_config('synchronous_commit', 'off', true)`;
