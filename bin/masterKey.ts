import { setTimeout as pause } from 'node:timers/promises';
import { Exit, wrongUse } from './exit.js';
import type { Parts } from './parts.js';

const BETWEEN_MS = 2000;

/**
 * Finds out, as soon as the database answers, whether the master key is the one that it was begun with. With another, no word could
 * be read, known customers would be taken for new ones, and repeats be done twice: such a process must not go on. Settles when the
 * key fits, or the process is told to stop; answers whether it fits. Throws `Exit` 2.
 */
export async function untilKeyFits({ vault }: Pick<Parts, 'vault'>, stopped: Promise<void>): Promise<boolean> {
  const told = stopped.then(() => true);
  for (;;) {
    try {
      if (await vault.fits()) return true;
      throw wrongUse('THREEFOLD_MASTER_KEY_FILE does not hold the key that this database was begun with.');
    } catch (error) {
      if (error instanceof Exit) throw error;
    }
    if (await Promise.race([told, pause(BETWEEN_MS, false, { ref: false })])) return false;
  }
}
