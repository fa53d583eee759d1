import type { TemporalPlace } from '../../bin/temporal.js';

/** The processes of a system by what they are. */
export interface Pids extends Record<string, number[]> {
  api: number[];
  worker: number[];
  engine: number[];
  postgres: number[];
}

/** Threefold as it runs for its users, started by the bench for itself alone. */
export interface System {
  kind: 'embedded' | 'postgres';
  /** base of the API */
  api: string;
  databaseUrl: string;
  temporal: TemporalPlace;
  /** folder of data and keys */
  dataDir: string;
  /** what each of its processes is configured with */
  environment: Record<string, string>;
  pids: () => Pids;
  /** brings it to so many worker processes */
  scale(workers: number): Promise<void>;
  /** ends its first worker and starts another in its place; answers when that takes tasks, with the seconds it took */
  restartWorker(): Promise<number>;
  stop(): Promise<void>;
}
