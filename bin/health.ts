import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Health } from '../api/health/mount.js';
import { stateOf } from '../api/health/readiness.js';

/** What a process without an API is asked about itself. */
export interface HealthOptions extends Health {
  host: string;
  port: number;
  /** whether it does its work */
  isRunning: () => boolean;
}

export interface RunningHealth {
  port: number;
  stop(): Promise<void>;
}

/** Answers `GET /livez`, `/readyz` (503 unless it runs, and database and engine answer) and `/metrics`. */
export async function startHealth(options: HealthOptions): Promise<RunningHealth> {
  const server = createServer((request, response) => {
    answer(options, request.url ?? '/').then(
      ({ status, contentType = 'application/json', body }) => {
        response.writeHead(status, { 'Content-Type': contentType, 'Cache-Control': 'no-store' }).end(body);
      },
      () => response.writeHead(500).end(),
    );
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: portOf(server),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(options: HealthOptions, url: string): Promise<{ status: number; contentType?: string; body: string }> {
  switch (url.split('?')[0]) {
    case '/livez': return { status: 200, body: JSON.stringify({ status: 'alive' }) };
    case '/readyz': return readiness(options);
    case '/metrics': return options.metrics ? { status: 200, ...(await options.metrics()) } : { status: 404, body: '{}' };
    default: return { status: 404, body: '{}' };
  }
}

async function readiness({ isRunning, isStopping, database, engine }: HealthOptions): Promise<{ status: number; body: string }> {
  if (isStopping?.()) return { status: 503, body: JSON.stringify({ status: 'stopping' }) };
  const [hasDatabase, hasEngine] = await Promise.all([stateOf(database), stateOf(engine)]);
  const ready = isRunning() && hasDatabase === 'up' && hasEngine === 'up';
  const told = { status: ready ? 'ready' : 'unready', worker: isRunning() ? 'running' : 'not running', database: hasDatabase, engine: hasEngine };
  return { status: ready ? 200 : 503, body: JSON.stringify(told) };
}

/** The port that a server listens on, also when any free one was asked for. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
