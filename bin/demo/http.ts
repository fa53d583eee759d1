import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Bearers, Caller } from './people.js';

/** What the demo met was not what the contract says. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

const Problem = z.looseObject({
  code: z.string(), detail: z.string().optional(), missing: z.array(z.string()).optional(), errors: z.unknown().optional(),
});
export type Problem = z.infer<typeof Problem>;

export interface Ask<S extends z.ZodType> {
  /** null: a customer, who has no login */
  as: Caller | null;
  path: string;
  /** given: a POST; left out: a GET */
  body?: object;
  status?: number;
  /** the shape that the answer must have */
  shape: S;
}

/** The API as its callers see it. */
export interface Http {
  /** Asks, and answers the body. Throws `Unexpected` for another status or shape. */
  ask<S extends z.ZodType>(ask: Ask<S>): Promise<z.infer<S>>;
  /** Asks for what must be refused with this code. Throws `Unexpected` when it is not. */
  refused(ask: Omit<Ask<z.ZodType>, 'shape' | 'status'>, code: string): Promise<Problem>;
}

const TRIES = 6;
const AGAIN_MS = 700;
const LONGEST_MS = 30_000;

/** Speaks to the API at `base`. A POST carries an Idempotency-Key, and is repeated under it where the outcome is not known. */
export function createHttp(base: string, bearers: Bearers): Http {
  async function once({ as, path, body }: Omit<Ask<z.ZodType>, 'shape'>, key: string): Promise<Response> {
    return fetch(base + path, {
      method: body ? 'POST' : 'GET',
      signal: AbortSignal.timeout(LONGEST_MS),
      headers: {
        ...(as === null ? {} : { Authorization: `Bearer ${bearers(as)}` }),
        ...(body ? { 'Content-Type': 'application/json', 'Idempotency-Key': key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }

  async function answerTo(ask: Omit<Ask<z.ZodType>, 'shape'>): Promise<{ status: number; told: unknown }> {
    const key = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(ask, key).catch((error: unknown) => {
        if (attempt === TRIES) throw new Unexpected(`${nameOf(ask)}: no answer (${String(error)})`);
        return null;
      });
      const told: unknown = answer ? await answer.json() : null;
      if (answer && (attempt === TRIES || !isPassing(answer.status, told))) return { status: answer.status, told };
      await wait(AGAIN_MS);
    }
  }

  return {
    async ask(ask) {
      const wanted = ask.status ?? 200;
      const { status, told } = await answerTo(ask);
      if (status !== wanted) throw new Unexpected(`${nameOf(ask)}: ${status} ${reasonOf(told)}, expected ${wanted}`);
      const read = ask.shape.safeParse(told);
      if (!read.success) throw new Unexpected(`${nameOf(ask)}: ${z.prettifyError(read.error)}`);
      return read.data;
    },
    async refused(ask, code) {
      const { status, told } = await answerTo(ask);
      const problem = Problem.safeParse(told);
      if (status < 400 || !problem.success || problem.data.code !== code) throw new Unexpected(`${nameOf(ask)}: ${status} ${reasonOf(told)}, expected a refusal ${code}`);
      return problem.data;
    },
  };
}

/** Refused for the moment only: engine or database away, or the same request still under way. */
function isPassing(status: number, told: unknown): boolean {
  return status === 503 || (status === 409 && codeOf(told) === 'in-progress');
}

function codeOf(told: unknown): string | null {
  const problem = Problem.safeParse(told);
  return problem.success ? problem.data.code : null;
}

function reasonOf(told: unknown): string {
  const problem = Problem.safeParse(told);
  if (!problem.success) return '';
  const { code, detail, errors } = problem.data;
  return [code, detail, errors === undefined ? undefined : JSON.stringify(errors)].filter((part) => part !== undefined).join(' ');
}

/** A tracking code acts in its customer's name, and is not said. */
function nameOf({ as, path, body }: Omit<Ask<z.ZodType>, 'shape'>): string {
  const shown = path.replace(/^\/v1\/track\/[^/]+/, '/v1/track/…');
  return `${body ? 'POST' : 'GET'} ${shown} as ${as ?? 'the customer'}`;
}
