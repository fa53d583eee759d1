import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiProcess } from './processes.js';
import { pick, type Random } from './seeded.js';

export interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** Sends a request to any of several APIs. */
export type Send = (sent: Sent) => Promise<Response>;

/** How long a client that keeps to the contract goes on asking. */
const PATIENCE_MS = 90_000;
/** No API answers so late (docs/errors.md); one that is killed answers never. */
const ANSWER_MS = 30_000;

/**
 * Asks a random living API each time, and goes on as a client does: what was cut off by a kill, answered with 503, or is still in
 * flight under its key is asked again, of any API. Only what may be repeated is: a GET, and a POST with its Idempotency-Key, which
 * it gets here unless it brings one.
 */
export function createRouter(apis: readonly ApiProcess[], random: Random): Send {
  return async ({ method, path, headers, body }) => {
    const until = Date.now() + PATIENCE_MS;
    const whole = method === 'POST' && headers['Idempotency-Key'] === undefined ? { ...headers, 'Idempotency-Key': randomUUID() } : headers;
    const repeatable = method === 'GET' || method === 'POST';
    for (;;) {
      const api = pick(random, apis.filter((one) => one.isRunning()));
      const answer = api && (await ask(api.url + path, { method, headers: whole, ...(body === undefined ? {} : { body }) }));
      if (answer && !(repeatable && (await isForLater(answer)))) return answer;
      if (Date.now() > until || (answer === null && !repeatable)) throw new Error(`${method} ${path} was not answered`);
      await pause(200 + 300 * random());
    }
  };
}

/** Null where the connection was refused, or cut before the answer was whole. */
async function ask(url: string, init: RequestInit): Promise<Response | null> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
    const content = await answer.arrayBuffer();
    return new Response(answer.status === 204 ? null : content, { status: answer.status, headers: answer.headers });
  } catch {
    return null;
  }
}

async function isForLater(answer: Response): Promise<boolean> {
  if (answer.status === 503) return true;
  return answer.status === 409 && (await answer.clone().text()).includes('"in-progress"');
}
