import { Prisma } from './generated/client.js';

/** Cases under this policy, in any version unless told; null for all. */
export type UnderPolicy = { name: string; version: number | null } | null;

/** The condition on the column `state` of `complaint`: one for what a dry run shows, a migration asks, and what-if reads. */
export function underPolicy(policy: UnderPolicy): Prisma.Sql {
  if (policy === null) return Prisma.sql`true`;
  const { name, version } = policy;
  return Prisma.sql`(state->'policy'->>'name' = ${name} AND (${version}::int IS NULL OR (state->'policy'->>'version')::int = ${version}::int))`;
}

/** Before every id. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
