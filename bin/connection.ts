import { AsyncLocalStorage } from 'node:async_hooks';
import {
  Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type ConnectionLike, type ConnectionOptions,
} from '@temporalio/client';
import { grpcStatus, statusIn } from '../engine/grpc.js';
import { within } from '../engine/within.js';

/**
 * gRPC's defaults are those of long outages among thousands of clients: a lost connection is noticed after 45 s, and after an outage
 * the engine is tried again after up to two minutes. Temporal allows a ping every 10 s.
 */
const channelArgs = {
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.keepalive_time_ms': 15_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // else a new connection shares what the lost one is waiting for
  'grpc.use_local_subchannel_pool': 1,
};

/** The pause before another attempt may outlast the caller's deadline by as much as this. */
const LONGEST_PAUSE_MS = 500;
/** Calls that run into their deadline while nothing else has come for so long: the connection is lost. */
const SILENT_MS = 8_000;
/** Longer than any call may last. */
const LAST_CALLS_MS = 15_000;

// as often as the caller's deadline allows
const { delayFunction, retryableDecider } = defaultGrpcRetryOptions({ maxAttempts: Infinity });
const retry = makeGrpcRetryInterceptor({
  retryableDecider,
  delayFunction: (...failure) => Math.min(LONGEST_PAUSE_MS, delayFunction(...failure)),
});

/**
 * A connection to the engine that is made when it is first used, and made anew when nothing comes over it any more: gRPC for Node
 * waits for ever for a connection that was opened into a hole.
 */
export function openConnection(options: Pick<ConnectionOptions, 'address' | 'tls' | 'apiKey' | 'metadata'>): ConnectionLike {
  const open = (): Connection => Connection.lazy({ ...options, channelArgs, interceptors: [retry] });
  // A deadline belongs to the connection that it was set on, also when that is given up before the call is made.
  const belonging = new AsyncLocalStorage<Connection>();
  let current = open();
  let heardAt = performance.now();
  const calls = new Set<Promise<unknown>>();
  const chosen = (): Connection => belonging.getStore() ?? current;
  const on = <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = chosen();
    return belonging.run(connection, () => work(connection));
  };

  function renew(lost: Connection): void {
    if (lost !== current) return;
    current = open();
    heardAt = performance.now();
    setTimeout(() => void lost.close(), LAST_CALLS_MS).unref();
  }

  function kept(call: Promise<unknown>): Promise<unknown> {
    calls.add(call);
    return call.finally(() => calls.delete(call));
  }

  async function watched(connection: Connection, call: () => Promise<unknown>): Promise<unknown> {
    try {
      const answer = await call();
      heardAt = performance.now();
      return answer;
    } catch (error) {
      const status = statusIn(error);
      // one that was not answered, or did not get through, was not heard from
      if (status !== grpcStatus.deadlineExceeded && status !== grpcStatus.unavailable) heardAt = performance.now();
      else if (status === grpcStatus.deadlineExceeded && performance.now() - heardAt > SILENT_MS) renew(connection);
      throw error;
    }
  }

  function watch<Service extends object>(service: (connection: Connection) => Service): Service {
    return new Proxy(service(current), {
      get(_first, name) {
        const connection = chosen();
        const target = service(connection);
        const found: unknown = Reflect.get(target, name);
        if (typeof found !== 'function') return found;
        const call = (...args: unknown[]): Promise<unknown> => Promise.resolve(Reflect.apply(found, target, args));
        return (...args: unknown[]): Promise<unknown> => kept(watched(connection, () => call(...args)));
      },
    });
  }

  return {
    workflowService: watch((connection) => connection.workflowService),
    operatorService: watch((connection) => connection.operatorService),
    plugins: current.plugins,
    ensureConnected: () => current.ensureConnected(),
    withDeadline: (deadline, work) => on((connection) => connection.withDeadline(deadline, work)),
    withMetadata: (metadata, work) => on((connection) => connection.withMetadata(metadata, work)),
    withAbortSignal: (signal, work) => on((connection) => connection.withAbortSignal(signal, work)),
    async close() {
      // a call that is tried again on a closed channel throws where nobody catches it
      await within(LAST_CALLS_MS, Promise.allSettled(calls));
      await current.close();
    },
  };
}
