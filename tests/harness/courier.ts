import { openTransports } from '../../deliveries/open.js';
import { startDispatcher } from '../../engine/dispatcher.js';
import { openDatabase } from '../../prisma/database.js';
import { openVault } from '../../prisma/vault.js';

/** A process that dispatches deliveries until it is killed. */
export interface Errand {
  databaseUrl: string;
  masterKey: string;
  notices: { url: string; secret: string };
  leaseMs: number;
}

const errand = JSON.parse(process.env['ERRAND'] ?? '{}') as Errand;
const database = openDatabase({ url: errand.databaseUrl });
const vault = openVault({ database, masterKey: Buffer.from(errand.masterKey, 'base64') });
const transports = openTransports({ database, vault }, { mail: null, notices: errand.notices, publicUrl: null });
if (transports) startDispatcher({ ...transports, database, everyMs: 100, leaseMs: errand.leaseMs });
