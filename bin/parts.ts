import type { KeyObject } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { createAudit, type Audit } from '../audit/audit.js';
import { createHistories, type Histories } from '../audit/history.js';
import { createReplayer } from '../audit/replay.js';
import { instant } from '../domain/time.js';
import type { Deps } from '../engine/deps.js';
import { createSign } from '../engine/signature.js';
import { createTemporal } from '../engine/temporal.js';
import { openDatabase, type DatabaseOptions } from '../prisma/database.js';
import { openVault } from '../prisma/vault.js';
import { installRuntime } from './runtime.js';

/** What every process is made of: the database, the vault, the engine's client, the audit. */
export interface Parts extends Deps {
  client: Client;
  histories: Histories;
  audit: Audit;
  close(): Promise<void>;
}

export interface PartsOptions {
  databaseUrl: string;
  temporal: { address: string; namespace: string };
  masterKey: Buffer;
  commandKey: KeyObject;
  /** path of the workflow bundle that replays run */
  bundle: string;
  /** where the native part of the engine's client speaks */
  log?: Logger;
  database?: Omit<DatabaseOptions, 'url'>;
}

/** Puts the parts together. The connection to the engine is made when it is first used: intake must not wait for it. */
export function openParts({ databaseUrl, temporal, masterKey, commandKey, bundle, log, database: options }: PartsOptions): Parts {
  const database = openDatabase({ url: databaseUrl, ...options });
  const vault = openVault({ database, masterKey });
  const connection = Connection.lazy({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const histories = createHistories({ client, database });
  return {
    database,
    vault,
    client,
    histories,
    temporal: createTemporal(client),
    sign: createSign(commandKey),
    clock: () => instant(Date.now()),
    audit: createAudit({ database, histories, replayer: createReplayer({ codePath: bundle }, () => { installRuntime(log); }) }),
    async close() {
      await connection.close();
      await database.close();
    },
  };
}
