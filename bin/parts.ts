import type { KeyObject } from 'node:crypto';
import { Client, type ConnectionLike } from '@temporalio/client';
import type { Logger } from 'pino';
import { createAudit, type Audit } from '../audit/audit.js';
import { createHistories, type Histories } from '../audit/history.js';
import { createRecall } from '../audit/recall.js';
import { createReplayer } from '../audit/replay.js';
import { instant } from '../domain/time.js';
import type { Deps } from '../engine/deps.js';
import type { Reconciling } from '../engine/reconciler.js';
import { createSign } from '../engine/signature.js';
import { createTemporal } from '../engine/temporal.js';
import { createVisibility } from '../engine/visibility.js';
import { openDatabase, type DatabaseOptions } from '../prisma/database.js';
import type { Recall } from '../prisma/mending.js';
import { record } from '../prisma/record.js';
import { openVault } from '../prisma/vault.js';
import { openConnection } from './connection.js';
import type { Instruments } from './instruments.js';
import { installRuntime } from './runtime.js';
import { connectionOptions, type TemporalPlace } from './temporal.js';

/** What every process is made of: the database, the vault, the engine's client, the audit. */
export interface Parts extends Deps {
  /** to the engine; made when it is first used */
  connection: ConnectionLike;
  client: Client;
  histories: Histories;
  audit: Audit;
  recall: Recall;
  close(): Promise<void>;
}

export interface PartsOptions {
  databaseUrl: string;
  temporal: TemporalPlace;
  masterKey: Buffer;
  commandKey: KeyObject;
  /** path of the workflow bundle that replays run */
  bundle: string;
  /** where the native part of the engine's client speaks */
  log?: Logger;
  database?: Omit<DatabaseOptions, 'url'>;
  instruments?: Instruments;
}

/** Puts the parts together. The connection to the engine is made when it is first used: intake must not wait for it. */
export function openParts(options: PartsOptions): Parts {
  const { databaseUrl, temporal, masterKey, commandKey, bundle, log, instruments = {} } = options;
  const database = openDatabase({ url: databaseUrl, around: instruments.around, ...options.database });
  instruments.connected?.(database);
  const vault = openVault({ database, masterKey });
  const connection = openConnection(connectionOptions(temporal));
  const interceptors = instruments.client ? { interceptors: instruments.client } : {};
  const client = new Client({ connection, namespace: temporal.namespace, ...interceptors });
  const histories = createHistories({ client, database });
  const replayer = createReplayer({ codePath: bundle }, () => { installRuntime(log, instruments.runtime); });
  return {
    database,
    vault,
    connection,
    client,
    histories,
    temporal: createTemporal(client),
    sign: createSign(commandKey),
    clock: () => instant(Date.now()),
    recall: createRecall({ histories, replayer }),
    audit: createAudit({ database, vault, histories, replayer }),
    async close() {
      await connection.close();
      await database.close();
    },
  };
}

/** What goes through all that lives works with; the record of a case that has lost its end is made whole from its history. */
export function reconcilingOf({ database, temporal, client, recall }: Pick<Parts, 'database' | 'temporal' | 'client' | 'recall'>): Reconciling {
  return {
    database,
    temporal,
    visibility: createVisibility(client),
    async mend(subject, id) {
      const events = await recall(subject, id);
      if (events) await record(database, { subject, id, events });
    },
  };
}
