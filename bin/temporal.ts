import type { NativeConnectionOptions, TLSConfig } from '@temporalio/worker';

/** Where a Temporal is, and how it is reached. */
export interface TemporalPlace {
  /** host:port */
  address: string;
  namespace: string;
  /** true: TLS with the authorities that the system trusts */
  tls?: TLSConfig | boolean | undefined;
  apiKey?: string | undefined;
  /** headers of every call */
  metadata?: Record<string, string> | undefined;
}

/** How it is connected to, by a client (`Connection`) and by a worker (`NativeConnection`) alike. */
export function connectionOptions({ address, tls, apiKey, metadata }: TemporalPlace): Pick<NativeConnectionOptions, 'address' | 'tls' | 'apiKey' | 'metadata'> {
  return {
    address,
    ...(tls === undefined ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Messages to a server on this machine go as they are: packing and unpacking them costs both sides more than there is to save. */
export function compressionTo(address: string): Pick<NativeConnectionOptions, 'grpcCompression'> {
  return LOOPBACK.test(address) ? { grpcCompression: { codec: 'none' } } : {};
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):\d+$/;
