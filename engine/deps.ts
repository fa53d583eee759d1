import type { Instant } from '../domain/time.js';
import type { Database } from '../prisma/database.js';
import type { Recall } from '../prisma/mending.js';
import type { Vault } from '../prisma/vault.js';
import type { Sign } from './signature.js';
import type { Temporal } from './temporal.js';

/** What the engine's side of a command works with. */
export interface Deps {
  database: Database;
  vault: Vault;
  temporal: Temporal;
  sign: Sign;
  /** where a record that was restored to before finds what it has lost */
  recall?: Recall | undefined;
  /** the instant an intent is written at */
  clock: () => Instant;
}

/** How long a sweeper leaves an intent to whoever wrote it. */
export const LEASE_MS = 20_000;
