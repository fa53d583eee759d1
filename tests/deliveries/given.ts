import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { SMTPServer } from 'smtp-server';
import { openTransports, type Transports } from '../../deliveries/open.js';
import { startDispatcher, type Delivered, type Dispatcher } from '../../engine/dispatcher.js';
import { addDelivery, deliveriesOf, type StoredDelivery } from '../../prisma/deliveries.js';
import type { Place } from '../prisma/given.js';

export const secret = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;

/** A notice as it came to the gateway. */
export interface Notice {
  id: string;
  body: string;
  data: { id: string; seq: number; kind: string; audience: string; recipient: string };
}

export interface Gateway {
  url: string;
  notices: Notice[];
  /** how it answers the next ones; null: not at all */
  answers: (notice: Notice) => number | null;
  close(): Promise<void>;
}

/** A company's gateway; it takes only what is signed. */
export async function startGateway(): Promise<Gateway> {
  const webhook = new Webhook(secret);
  const gateway: Gateway = { url: '', notices: [], answers: () => 204, close: () => Promise.resolve() };
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const body = Buffer.concat(chunks).toString();
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const { data } = webhook.verify(body, headers) as Pick<Notice, 'data'>;
    const notice = { id: headers['webhook-id'] ?? '', body, data };
    gateway.notices.push(notice);
    const status = gateway.answers(notice);
    if (status !== null) response.writeHead(status).end();
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  gateway.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/notices`;
  gateway.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return gateway;
}

export interface Post {
  url: string;
  mails: { to: string; source: string }[];
  /** what the server says to an address; null: it takes it; a never settling one hangs */
  says: (address: string) => Promise<Error | null>;
  close(): Promise<void>;
}

/** A mail server that keeps what it is sent. */
export async function startPost(): Promise<Post> {
  const post: Post = { url: '', mails: [], says: () => Promise.resolve(null), close: () => Promise.resolve() };
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], closeTimeout: 100,
    onRcptTo: ({ address }, _session, done) => void post.says(address).then((error) => { done(error); }),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        post.mails.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(' '), source: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  post.url = `smtp://127.0.0.1:${String((server.server.address() as AddressInfo).port)}`;
  post.close = () => new Promise((resolve) => { server.close(resolve); });
  return post;
}

/** The body of a plain mail, whatever it was encoded in. */
export function textOf(source: string): string {
  const cut = source.indexOf('\r\n\r\n');
  const [head, body] = [source.slice(0, cut), source.slice(cut + 4)];
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString();
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

export interface Office {
  dispatcher: Dispatcher;
  transports: Transports;
  outcomes: [string, Delivered][];
  stop(): Promise<void>;
}

/** A dispatcher as a worker has it, which does not wait long. */
export function openOffice({ database, vault }: Place, ways: { gateway?: Gateway; post?: Post }, options: { leaseMs?: number; pauseMs?: number; timeoutMs?: number } = {}): Office {
  const { gateway, post } = ways;
  const { timeoutMs = 1_000, leaseMs = 20_000, pauseMs = 100 } = options;
  const outcomes: [string, Delivered][] = [];
  const transports = openTransports({ database, vault }, {
    mail: post ? { url: post.url, from: 'Care <care@example.com>', timeoutMs } : null,
    notices: gateway ? { url: gateway.url, secret, timeoutMs } : null,
    publicUrl: 'https://care.example.com',
  });
  if (!transports) throw new Error('there is no way to send anything');
  const dispatcher = startDispatcher({ ...transports, database, everyMs: 50, leaseMs, pauseMs, onDelivered: (...one) => outcomes.push(one) });
  return {
    dispatcher, transports, outcomes,
    async stop() {
      await dispatcher.stop();
      transports.close();
    },
  };
}

/** Puts a notice to somebody of the staff into the outbox, of an event that the case has recorded. */
export async function notice({ database }: Place, complaint: string, seq: number, recipient = 'ann'): Promise<void> {
  await reached(database, complaint, seq);
  await addDelivery(database, { subject: 'complaint', complaint, seq, kind: 'clock_warned', audience: 'staff', recipient, ref: null });
}

/** As if so many events of a case were recorded. */
export async function reached({ execute }: Place['database'], complaint: string, seq: number): Promise<void> {
  await execute`UPDATE complaint SET head = greatest(head, ${seq}::int) WHERE id = ${complaint}::uuid`;
}

/** What a case's deliveries have come to, once none is pending. */
export async function settled({ database }: Place, complaint: string): Promise<StoredDelivery[] | null> {
  const rows = await deliveriesOf(database, complaint);
  return rows.some(({ state }) => state === 'pending') ? null : rows;
}
