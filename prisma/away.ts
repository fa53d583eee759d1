import pg from 'pg';
import { Prisma } from './generated/client.js';

/** What Prisma and its adapter call a database that cannot be had. */
const KINDS = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'];
const PRISMA = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'];
/** Classes of SQLSTATE: connection, resources, intervention of an operator (a statement's timeout too); and one that takes no writes. */
const SQLSTATE = /^(08|53|57|25006)/;
const TOLD_SQLSTATE = /"originalCode":"(08|53|57|25006)/;
/** What the driver says without a code, and what the network does. */
const DRIVER = /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)|ECONNRE|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN/;

/** Whether the database is away, or too slow to wait for: 503, and worth trying again. Anything else is a fault of its own. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return SQLSTATE.test(error.code ?? '');
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const told = JSON.stringify(error.meta ?? {});
    return PRISMA.includes(error.code) || TOLD_SQLSTATE.test(told) || KINDS.some((kind) => told.includes(`"kind":"${kind}"`));
  }
  // a name with several addresses, none of which answers, is told by its code alone
  return error instanceof Error && (DRIVER.test(error.message) || ('code' in error && DRIVER.test(String(error.code))));
}
