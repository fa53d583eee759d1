import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import pino, { type Logger } from 'pino';
import { expect } from 'vitest';
import { z } from 'zod';
import { createTokenVerifier } from '../../api/access/tokens.js';
import { startApi, type RunningApi } from '../../bin/api.js';
import { ownAudience, ownIssuer } from '../../bin/configuration.js';
import { openParts, type Parts } from '../../bin/parts.js';
import { issueToken, type TokenClaims } from '../../bin/tokens.js';
import { startWorker, type RunningWorker } from '../../bin/worker.js';
import { createTemporal } from '../../engine/temporal.js';
import { createKey } from '../../prisma/keys.js';
import { freshDatabase } from '../harness/database.js';
import type { Send } from '../harness/router.js';
import { bundle, testKeys, until } from '../harness/system.js';
import { freshNamespace, type Place } from '../harness/temporal.js';
import { inCluster, startClusterSite } from './clusterSite.js';

export { until };
export type Body = Record<string, unknown>;
export interface Told {
  status: number;
  told: Body;
  headers: Headers;
}

/** Who acts in these tests, as their tokens say; `web`, `shop` and `mail` are channels with an API key of their own. */
export const people: Record<string, Omit<TokenClaims, 'sub'>> = {
  ann: { roles: ['agent'] },
  bob: { roles: ['agent'] },
  sue: { roles: ['supervisor'] },
  sam: { roles: ['supervisor'], rung: 2 },
  eve: { roles: ['supervisor'], rung: 3 },
  len: { roles: ['supervisor'], rung: 2, department: 'logistics' },
  lou: { roles: ['department'], department: 'logistics' },
  pat: { roles: ['department'], department: 'production' },
  quinn: { roles: ['quality'] },
  qi: { roles: ['quality'] },
  aud: { roles: ['auditor'] },
  adm: { roles: ['admin'] },
};
const channels = ['web', 'shop'];

export interface Site {
  /** what the API is made of; the worker, where there is one, has its own */
  parts: Parts;
  place: Place;
  databaseUrl: string;
  /** what the API sent to the database */
  statements: string[];
  /** the calls that the API made to the engine, by their gRPC method */
  calls: string[];
  url(): string;
  call(who: string | null, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Told>;
  /** a POST that has to succeed */
  does(who: string | null, path: string, body?: Body, status?: number): Promise<Body>;
  /** files a complaint and waits until its workflow runs; answers its path */
  filed(who: string, more?: Body): Promise<string>;
  /** rows in the tables that a request can write to */
  kept(): Promise<Record<string, number>>;
  /** events in the history of a case; where workers are killed, without what that brings about */
  historyLength(path: string): Promise<number>;
  /** whether nobody owes the case anything: no task of its workflow is open, and no activity */
  isAtRest(path: string): Promise<boolean>;
  startWorker(): Promise<RunningWorker>;
  restartApi(): Promise<void>;
  stop(): Promise<void>;
}

const tokenKeys = generateKeyPairSync('ed25519');
const silent = pino({ level: 'silent' });

/** The whole of Threefold over HTTP: the API as its process starts it, and a worker beside it, on a database of its own. */
export async function startSite({ worker = true, place, log = silent, subs = {} }: {
  worker?: boolean;
  /** where the engine is; a namespace of its own on the shared server unless told */
  place?: Place;
  log?: Logger;
  /** the subs of those who are not known by their short name */
  subs?: Record<string, string>;
} = {}): Promise<Site> {
  if (inCluster) return startClusterSite({ worker });
  const databaseUrl = await freshDatabase();
  const corner = place ?? (await freshNamespace());
  const statements: string[] = [];
  const calls: string[] = [];
  const open = (onStatement?: (sql: string) => void) =>
    openParts({ databaseUrl, temporal: corner, ...testKeys, bundle, ...(onStatement ? { database: { onStatement } } : {}) });
  const plain = open((sql) => statements.push(sql));
  const client = counted(corner, (method) => calls.push(method));
  const parts: Parts = { ...plain, client, temporal: createTemporal(client) };
  const behind = open();
  const workers: RunningWorker[] = [];
  const tokens = createTokenVerifier({ key: tokenKeys.publicKey, issuer: ownIssuer, audience: ownAudience });
  const listen = () => startApi(parts, { host: '127.0.0.1', port: 0, tokens }, log);
  let api: RunningApi = await listen();
  const bearers = await bearersOf(parts, subs);

  const url = (): string => `http://127.0.0.1:${api.port}`;
  const site: Site = {
    parts, place: corner, databaseUrl, statements, calls, url,
    ...visitor(behind, bearers, ({ path, ...sent }) => fetch(url() + path, sent)),
    async startWorker() {
      const running = await startWorker(behind, corner, log, { sweepEveryMs: 300, archiveEveryMs: 300, bundle });
      let stopped: Promise<void> | null = null;
      const once: RunningWorker = { ...running, stop: () => (stopped ??= running.stop()) };
      workers.push(once);
      return once;
    },
    async restartApi() {
      await api.stop();
      api = await listen();
    },
    async stop() {
      await api.stop();
      await Promise.all(workers.map((one) => one.stop()));
      await client.connection.close();
      await Promise.all([plain.close(), behind.close()]);
    },
  };
  if (worker) await site.startWorker();
  // people exist once seen
  for (const who of Object.keys(people)) await site.call(who, 'GET', '/v1/taxonomies');
  return site;
}

/** Events of a history once its first workflow task is done: started, scheduled, started, completed. */
const FIRST_TASK = 4;

const HistoryEvent = z.looseObject({
  eventType: z.string(),
  workflowExecutionUpdateAcceptedEventAttributes: z.looseObject({ acceptedRequest: z.looseObject({ input: z.looseObject({ name: z.string() }) }) }).optional(),
});

/**
 * Where workers are killed, a refusal may leave this much: the task that one of them took and never gave back, and the question
 * (`settle`) whether the case had taken what nobody had answered, with its answer.
 */
function isOfAnybody({ eventType, workflowExecutionUpdateAcceptedEventAttributes: update }: z.infer<typeof HistoryEvent>): boolean {
  if (eventType.startsWith('EVENT_TYPE_WORKFLOW_TASK_') || eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED') return false;
  return update?.acceptedRequest.input.name !== 'settle';
}

/** What a test does at a site, however many processes stand behind it. */
export function visitor(
  behind: Pick<Parts, 'database' | 'histories'>, bearers: ReadonlyMap<string, string>, send: Send,
): Pick<Site, 'call' | 'does' | 'filed' | 'kept' | 'historyLength' | 'isAtRest'> {
  const eventsIn = async (path: string) => z.array(HistoryEvent).parse((await behind.histories.json('complaint', idOf(path)))?.events ?? []);
  const site: ReturnType<typeof visitor> = {
    async call(who, method, path, body, headers = {}) {
      const response = await send({
        method, path,
        headers: {
          ...(who === null ? {} : { Authorization: `Bearer ${bearers.get(who) ?? ''}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, told: z.record(z.string(), z.unknown()).parse(await response.json()), headers: response.headers };
    },
    async does(who, path, body = {}, status = 200) {
      const answer = await site.call(who, 'POST', path, body);
      expect({ path, status: answer.status, told: answer.status === status ? null : answer.told }).toEqual({ path, status, told: null });
      return answer.told;
    },
    async filed(who, more = {}) {
      const { id } = await site.does(who, '/v1/complaints', { ...filing(), ...more }, 201);
      await until(async () => ((await behind.histories.json('complaint', String(id)))?.events.length ?? 0) >= FIRST_TASK, 'the start of the case');
      return `/v1/complaints/${String(id)}`;
    },
    async kept() {
      const [row] = await behind.database.client.$queryRaw<Record<string, number>[]>`
        SELECT (SELECT count(*)::int FROM intent) AS intent, (SELECT count(*)::int FROM words) AS words, (SELECT count(*)::int FROM vault_key) AS vault_key,
          (SELECT count(*)::int FROM customer) AS customer, (SELECT count(*)::int FROM complaint) AS complaint, (SELECT count(*)::int FROM event) AS event,
          (SELECT count(*)::int FROM investigation) AS investigation, (SELECT count(*)::int FROM investigation_event) AS investigation_event,
          (SELECT count(*)::int FROM delivery) AS delivery, (SELECT count(*)::int FROM policy) AS policy`;
      return row ?? {};
    },
    async historyLength(path) {
      const events = await eventsIn(path);
      return (inCluster ? events.filter(isOfAnybody) : events).length;
    },
    async isAtRest(path) {
      const types = (await eventsIn(path)).map(({ eventType }) => eventType);
      const scheduled = (what: string) => types.filter((type) => type === `EVENT_TYPE_${what}_SCHEDULED`).length;
      const ended = (what: string, ends: string[]) => types.filter((type) => ends.some((end) => type === `EVENT_TYPE_${what}_${end}`)).length;
      return scheduled('ACTIVITY_TASK') === ended('ACTIVITY_TASK', ['COMPLETED', 'FAILED', 'TIMED_OUT', 'CANCELED'])
        && scheduled('WORKFLOW_TASK') === ended('WORKFLOW_TASK', ['COMPLETED', 'FAILED', 'TIMED_OUT']);
    },
  };
  return site;
}

export async function bearersOf(parts: Pick<Parts, 'database'>, subs: Record<string, string>, key = tokenKeys.privateKey): Promise<Map<string, string>> {
  const bearers = new Map<string, string>();
  for (const [who, claims] of Object.entries(people)) bearers.set(who, await issueToken(key, { sub: subs[who] ?? who, ...claims }));
  for (const channel of channels) bearers.set(channel, (await createKey(parts.database, channel)).key);
  return bearers;
}

/** A client whose every call to the engine is seen, by its method. */
function counted({ address, namespace }: Place, seen: (method: string) => void): Client {
  const connection = Connection.lazy({ address });
  const workflowService = new Proxy(connection.workflowService, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...args: unknown[]): unknown => {
        seen(String(name));
        return Reflect.apply(found, target, args);
      };
    },
  });
  const watched = new Proxy(connection, {
    get(target, name) {
      if (name === 'workflowService') return workflowService;
      const found: unknown = Reflect.get(target, name);
      return typeof found === 'function' ? (...args: unknown[]): unknown => Reflect.apply(found, target, args) : found;
    },
  });
  return new Client({ connection: watched, namespace });
}

/** What is filed where a test does not care. */
export const filing = () => ({ channel: 'phone', text: 'the parcel was broken', customer: { key: `CRM-${randomUUID()}`, name: 'Mei' } });

export function idOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

/** The objects in a list of an answer. */
export function listOf(told: Body, field: string): Body[] {
  return z.array(z.record(z.string(), z.unknown())).parse(told[field]);
}

/** The way to the end that takes least: nobody is liable, and two supervisors waive level 3. */
export const toClosed: [who: string, command: string, body: Body][] = [
  ['ann', 'resolve', { solution: 'a new parcel', agreed: true }],
  ['bob', 'follow-up', { satisfied: true }],
  ['quinn', 'attribute', { nature: 'force_majeure', shares: [], note: 'a flood' }],
  ['sue', 'decide', { upheld: true, handling: 'none', note: 'a flood it was' }],
  ['sue', 'waive', { reason: 'floods do not improve' }],
  ['sam', 'approve-waiver', {}],
];

/** A case that its owner ann has brought to its end. */
export async function closedCase(site: Site): Promise<string> {
  const path = await site.filed('ann');
  for (const [who, command, body] of toClosed) await site.does(who, `${path}/${command}`, body);
  const { told } = await site.call('ann', 'GET', path);
  expect(told['status']).toBe('closed');
  return path;
}

/** A case as it was answered, but for what is counted up to the reader's now. */
export function still(told: Body): Body {
  const clocks = Array.isArray(told['clocks']) ? listOf(told, 'clocks').map((clock) => ({ ...clock, consumedSeconds: null })) : undefined;
  return clocks ? { ...told, clocks } : told;
}
