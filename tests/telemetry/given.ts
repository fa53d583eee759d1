import { generateKeyPairSync } from 'node:crypto';
import { Writable } from 'node:stream';
import pino, { type Logger } from 'pino';
import { createTokenVerifier } from '../../api/access/tokens.js';
import { startApi } from '../../bin/api.js';
import { ownAudience, ownIssuer } from '../../bin/configuration.js';
import type { Instruments } from '../../bin/instruments.js';
import { openParts, type Parts } from '../../bin/parts.js';
import { issueToken, type TokenClaims } from '../../bin/tokens.js';
import { startWorker } from '../../bin/worker.js';
import { logFields } from '../../telemetry/correlation.js';
import { freshDatabase } from '../harness/database.js';
import { bundle, testKeys, until } from '../harness/system.js';
import { freshNamespace, type Place } from '../harness/temporal.js';

export { until };

/** API and worker in this process, each with its own instruments, or both with the same. */
export interface Watched {
  api: Parts;
  place: Place;
  databaseUrl: string;
  url: string;
  /** every line of both logs */
  lines: Record<string, unknown>[];
  call(who: string | null, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
}

const people: Record<string, Omit<TokenClaims, 'sub'>> = { ann: { roles: ['agent'] }, sue: { roles: ['supervisor'] } };
const tokenKeys = generateKeyPairSync('ed25519');

/** @param worker those of a worker of its own; left out, it shares the API's */
export async function startWatched({ api: instruments, worker = instruments }: { api: Instruments; worker?: Instruments }): Promise<Watched> {
  const [databaseUrl, place] = [await freshDatabase(), await freshNamespace()];
  const { log, lines } = keptLog();
  const open = (watching: Instruments) => openParts({ databaseUrl, temporal: place, ...testKeys, bundle, log, instruments: watching });
  const front = open(instruments);
  const behind = worker === instruments ? front : open(worker);
  const tokens = createTokenVerifier({ key: tokenKeys.publicKey, issuer: ownIssuer, audience: ownAudience });
  const running = await startWorker(behind, place, log, { sweepEveryMs: 300, archiveEveryMs: 300, instruments: worker, bundle: worker.bundle ?? bundle });
  const api = await startApi(front, { host: '127.0.0.1', port: 0, tokens, instruments }, log);
  const url = `http://127.0.0.1:${String(api.port)}`;
  const bearers = new Map<string, string>();
  for (const [sub, claims] of Object.entries(people)) bearers.set(sub, await issueToken(tokenKeys.privateKey, { sub, ...claims }));
  return {
    api: front, place, databaseUrl, url, lines,
    call: (who, method, path, body, headers = {}) => fetch(url + path, {
      method,
      headers: {
        ...(who === null ? {} : { Authorization: `Bearer ${bearers.get(who) ?? ''}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
    async stop() {
      await api.stop();
      await running.stop();
      await Promise.all([...new Set([front, behind])].map((parts) => parts.close()));
      for (const one of new Set([instruments, worker])) await one.close?.();
    },
  };
}

/** A log as processes keep theirs, its lines for a test to read. */
function keptLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().split('\n')) if (line !== '') lines.push(JSON.parse(line) as Record<string, unknown>);
      done();
    },
  });
  return { log: pino({ level: 'info', mixin: logFields }, stream), lines };
}

/** A trace that a caller brings along. */
export function traceparentOf(traceId: string): string {
  return `00-${traceId}-b7ad6b7169203331-01`;
}

/** Samples of an exposition by the name of their metric, `_bucket`, `_sum` and `_count` with it. */
export function samplesOf(text: string): { name: string; labels: Record<string, string>; value: number }[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const [, name = '', inner = '', value = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([^ ]+)/.exec(line) ?? [];
    const labels = Object.fromEntries([...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text_ = '']) => [key, text_]));
    return { name, labels, value: Number(value) };
  });
}
