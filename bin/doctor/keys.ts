import { statSync } from 'node:fs';
import { Exit } from '../exit.js';
import { readMasterKey, readPrivateKey, readPublicKey } from '../keys.js';
import type { Examined } from './examined.js';
import { ok, reasonOf, warning, wrong, type Finding } from './finding.js';

const OTHERS_READ = 0o004;

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
