import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A stretch of network between a process and what it needs. However it is broken, `pass` makes it whole again, for new connections;
 * what was swallowed stays lost.
 */
export interface Proxy {
  /** host:port to connect to */
  address: string;
  port: number;
  /** all goes through; what was held goes through now */
  pass(): Promise<void>;
  /** nobody listens, and connections that were there are cut */
  refuse(): Promise<void>;
  /** cuts the connections that are open now */
  cut(): void;
  /** connections stay open and are opened, and nothing comes through until `pass` */
  hold(): void;
  /** as a lost route: connections stay open and are opened, nothing comes through, and what is open now is dead for ever */
  swallow(): void;
  /** every piece takes so long, each way */
  delay(ms: number): void;
  /** how many connections are open */
  open(): number;
  close(): Promise<void>;
}

type Way = { kind: 'pass' } | { kind: 'hold' } | { kind: 'swallow' } | { kind: 'delay'; ms: number };

interface Link {
  client: Socket;
  server: Socket;
  /** swallowed once: never whole again */
  dead: boolean;
}

/** Listens on a free port, or on `port`, and passes everything on to `target` (host:port). */
export async function startProxy(target: string, port = 0): Promise<Proxy> {
  const { hostname, port: targetPort } = new URL(`tcp://${target}`);
  const links = new Set<Link>();
  let way: Way = { kind: 'pass' };
  let listening = port;
  let server: Server | null = null;

  async function listen(): Promise<void> {
    if (server) return;
    server = createServer({ allowHalfOpen: true }, accept);
    server.listen(listening, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address === 'object' && address !== null) listening = address.port;
  }

  function accept(client: Socket): void {
    const link: Link = { client, server: connect({ host: hostname, port: Number(targetPort), allowHalfOpen: true }), dead: way.kind === 'swallow' };
    links.add(link);
    carry(link, link.client, link.server);
    carry(link, link.server, link.client);
  }

  function carry(link: Link, from: Socket, to: Socket): void {
    const later = inOrder(link);
    from.setNoDelay(true);
    from.on('data', (data) => { later(() => { if (to.writable) to.write(data); }); });
    from.on('end', () => { later(() => { to.end(); }); });
    from.on('error', () => undefined);
    from.on('close', () => {
      later(() => { to.destroy(); });
      if (link.client.destroyed && link.server.destroyed) links.delete(link);
    });
    if (way.kind === 'hold') from.pause();
  }

  /** One after the other, also when what came before is on its way for longer. */
  function inOrder(link: Link): (act: () => void) => void {
    let under = 0;
    let before: Promise<void> = Promise.resolve();
    return (act) => {
      if (link.dead) return;
      const ms = way.kind === 'delay' ? way.ms : 0;
      if (ms === 0 && under === 0) {
        act();
        return;
      }
      under += 1;
      const arrives = ms === 0 ? Promise.resolve() : pause(ms);
      before = Promise.all([before, arrives]).then(() => {
        under -= 1;
        if (!link.dead) act();
      });
    };
  }

  function each(act: (link: Link) => void): void {
    for (const link of links) act(link);
  }

  function cut(): void {
    each(({ client, server: to }) => {
      client.resetAndDestroy();
      to.destroy();
    });
    links.clear();
  }

  async function refuse(): Promise<void> {
    const closing = server;
    server = null;
    closing?.close();
    cut();
    if (closing) await once(closing, 'close');
  }

  await listen();
  return {
    get address() { return `127.0.0.1:${String(listening)}`; },
    get port() { return listening; },
    async pass() {
      way = { kind: 'pass' };
      each(({ client, server: to }) => {
        client.resume();
        to.resume();
      });
      await listen();
    },
    refuse,
    cut,
    hold() {
      way = { kind: 'hold' };
      each(({ client, server: to }) => {
        client.pause();
        to.pause();
      });
    },
    swallow() {
      way = { kind: 'swallow' };
      each((link) => { link.dead = true; });
    },
    delay(ms) { way = { kind: 'delay', ms }; },
    open: () => links.size,
    close: refuse,
  };
}
