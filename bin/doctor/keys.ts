import { statSync } from 'node:fs';
import { openDatabase } from '../../prisma/database.js';
import { openVault } from '../../prisma/vault.js';
import { Exit } from '../exit.js';
import { readMasterKey, readPrivateKey, readPublicKey } from '../keys.js';
import type { Examined } from './examined.js';
import { ok, reasonOf, warning, wrong, type Finding } from './finding.js';

const OTHERS_READ = 0o004;

/** Whether the master key is the one whose words lie in the database; nothing where either cannot be had, which is found elsewhere. */
export async function checkMasterKey({ keys, databaseUrl }: Examined): Promise<Finding[]> {
  const path = keys.find(({ what }) => what === 'master key')?.path;
  if (path === undefined || databaseUrl === null) return [];
  let fits: boolean;
  try {
    fits = await masterKeyFits(databaseUrl, readMasterKey(path));
  } catch {
    return [];
  }
  if (fits) return [ok('words', 'the master key opens what is in the vault')];
  return [wrong('words', `the master key in ${path} is not the one that this database was begun with`, 'name the file of that key: with another, no word can be read, and customers are not found')];
}

async function masterKeyFits(url: string, masterKey: Buffer): Promise<boolean> {
  const database = openDatabase({ url, poolSize: 1 });
  try {
    return await openVault({ database, masterKey }).fits();
  } finally {
    await database.close();
  }
}

/** Whether each key is there, of the right kind, and nobody else's to read. */
export function checkKeys({ keys }: Examined): Finding[] {
  return keys.map(({ what, path }) => {
    try {
      if (what === 'master key') readMasterKey(path);
      else if (what === 'command key') readPrivateKey(path);
      else readPublicKey(path);
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      return wrong(what, reasonOf(error), what === 'master key' ? 'name the file of the key that this database was begun with' : 'name the right file');
    }
    const open = (statSync(path).mode & OTHERS_READ) !== 0;
    return open ? warning(what, `${path} can be read by everybody on this machine`, `chmod 600 ${path}`) : ok(what, path);
  });
}
