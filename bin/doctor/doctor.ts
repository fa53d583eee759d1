import type { Environment } from '../configuration.js';
import { checkBundle } from './bundle.js';
import { checkDatabase } from './database.js';
import { examined, type Role } from './examined.js';
import type { Finding } from './finding.js';
import { checkKeys, checkMasterKey } from './keys.js';
import { checkOutside } from './outside.js';
import { checkTemporal } from './temporal.js';

/** Every check of a set-up, from what the processes are told to what they need; each finding as it is known. Changes nothing. */
export async function* examine(env: Environment, roles: readonly Role[]): AsyncGenerator<Finding> {
  const setUp = examined(env, roles);
  yield* setUp.findings;
  yield* checkKeys(setUp);
  yield checkBundle(setUp);
  yield* await checkDatabase(setUp);
  yield* await checkMasterKey(setUp);
  yield* await checkTemporal(setUp);
  yield* await checkOutside(setUp);
}
