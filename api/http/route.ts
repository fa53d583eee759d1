import type { Request } from 'express';
import type { z } from 'zod';
import type { Role } from '../../domain/event.js';
import type { Caller } from './caller.js';

export type Method = 'get' | 'post' | 'delete';
export type Fields = z.ZodObject;

/** What a route answers with. Every body goes out as JSON; one that is JSON already (`ReadyJson`) as it is. */
export interface Reply {
  status: number;
  body: unknown;
  /** becomes the `ETag` */
  version?: number;
  location?: string;
}

/** One kind of answer, as the OpenAPI document tells it. */
export interface AnswerShape {
  description: string;
  schema: z.ZodType;
  /** headers beside the body */
  headers?: readonly ('ETag' | 'Location')[];
}

/** A request on its way through the checks: authenticated, and nothing else yet. */
export interface Asked<P> {
  /** null on a public route */
  caller: Caller | null;
  params: P;
  request: Request;
}

/** A request that passed every check. */
export interface Call<P, Q, B, Subject> {
  caller: Caller;
  /** the role that allowed it; null on a public route */
  role: Role | null;
  params: P;
  query: Q;
  body: B;
  subject: Subject;
  request: Request;
}

interface Described {
  method: Method;
  /** as in OpenAPI: `/v1/complaints/{id}` */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** beyond what every route can answer */
  problems?: readonly number[];
  /** takes `If-Match` */
  conditional?: true;
  /** tells in the language of `Accept-Language` */
  localized?: true;
}

/** A route as data: it is mounted from this, and described in OpenAPI from this. */
export interface Declaration<P extends Fields, Q extends Fields, B extends z.ZodType, Subject> extends Described {
  answers: Record<number, AnswerShape>;
  /** roles that may call it; `everybody` with a token; `public` needs none */
  access: readonly Role[] | 'everybody' | 'public';
  /** lets a caller in whom the case itself entitles (its owner, say), and answers the role that does */
  entitles?: (caller: Caller, subject: Subject) => Role | null;
  params: P;
  query: Q;
  body: B;
  /** finds what the path names, or throws `not-found`, also where the caller may not see it */
  find: (asked: Asked<z.output<P>>) => Subject | Promise<Subject>;
  act: (call: Call<z.output<P>, z.output<Q>, z.output<B>, Subject>) => Reply | Promise<Reply>;
}

/** A route ready to be mounted, its types settled within. */
export interface Route extends Described {
  answers: Record<number, AnswerShape>;
  access: readonly Role[] | 'everybody' | 'public';
  params: Fields;
  query: Fields;
  body: z.ZodType;
  run(request: Request, caller: Caller | null, readBody: () => Promise<unknown>): Promise<Reply>;
}
