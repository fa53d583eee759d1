import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Ask {
  path: string;
  /** what goes into `Authorization: Bearer`; null for nobody */
  bearer: string | null;
  /** given: a POST */
  body?: object;
  headers?: Record<string, string>;
  /** the only status that counts as an answer */
  status: number;
}

export interface Http {
  /** Asks and reads the whole answer. Throws for another status. */
  send(ask: Ask): Promise<string>;
  close(): void;
}

/** Keeps its connections open, as a client that asks often does. */
export function createHttp(base: string): Http {
  const agent = new Agent({ keepAlive: true, noDelay: true });
  const { hostname, port } = new URL(base);

  function answerTo(ask: Ask): Promise<IncomingMessage> {
    const { path, bearer, body, headers } = ask;
    return new Promise((resolve, reject) => {
      const content = body === undefined ? null : Buffer.from(JSON.stringify(body));
      const asked = request(
        {
          agent, hostname, port, path, method: content ? 'POST' : 'GET', timeout: 60_000,
          headers: {
            ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
            ...(content ? { 'Content-Type': 'application/json', 'Content-Length': content.length } : {}),
            ...headers,
          },
        },
        resolve,
      );
      asked.once('error', (error: NodeJS.ErrnoException) => {
        // the server had just closed a connection that lay idle: what Node's documentation says to do then
        if (asked.reusedSocket && error.code === 'ECONNRESET') answerTo(ask).then(resolve, reject);
        else reject(error);
      });
      asked.once('timeout', () => asked.destroy(new Error('no answer within a minute')));
      asked.end(content);
    });
  }

  return {
    async send(ask) {
      const answer = await answerTo(ask);
      const content = await text(answer);
      if (answer.statusCode !== ask.status) throw new Error(`${ask.path.replace(/[0-9a-f-]{36}/g, '…')}: ${answer.statusCode ?? 0} ${content.slice(0, 300)}`);
      return content;
    },
    close: () => agent.destroy(),
  };
}
