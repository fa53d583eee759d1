import { PublishedName, VersionNumber } from '../../domain/schema.js';
import { z } from '../openapi/zod.js';
import { Problem } from '../problem/problem.js';
import { declare, plain } from './declare.js';
import type { Route } from './route.js';

/** The path of what is published in versions: its name and which version. */
export const PublishedParams = z.object({ name: PublishedName, version: z.string().regex(/^[1-9]\d{0,8}$/).transform(Number) });

/** What is odd about a version and did not hinder its publishing. */
export const PublishingWarnings = z.array(z.strictObject({ code: z.string(), detail: z.string() }));

/** Finds the version that a path names; 404 when there is none. */
export function versionOf<T>(read: (name: string, version: number) => Promise<T | null>) {
  return async ({ params: { name, version } }: { params: z.infer<typeof PublishedParams> }): Promise<T> => {
    const found = await read(name, version);
    if (!found) throw Problem.of('not-found');
    return found;
  };
}

/** Answers what was published as this version. */
export function versionRoute<T extends object>({ path, tag, access, summary, schema, read }: {
  path: string; tag: string; access: Route['access']; summary: string; schema: z.ZodType; read: (name: string, version: number) => Promise<T | null>;
}): Route {
  return declare({
    ...plain, method: 'get', path: `${path}/{name}/{version}`, tag, access, summary, params: PublishedParams,
    answers: { 200: { description: 'As it was published', schema } },
    find: versionOf(read), act: ({ subject }) => ({ status: 200, body: subject }),
  });
}

/** Cases under a policy, in any version unless told; null: under any. */
export const UnderPolicy = z.strictObject({ name: PublishedName, version: VersionNumber.nullish().transform((version) => version ?? null) })
  .nullish().transform((policy) => policy ?? null);
