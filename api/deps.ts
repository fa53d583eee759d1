import type { Logger } from 'pino';
import type { Instant } from '../domain/time.js';
import type { Engine } from '../engine/engine.js';
import type { Vault } from '../prisma/vault.js';
import type { Audit } from '../audit/audit.js';
import type { Records } from './records/records.js';

/** What the routes work with. */
export interface Deps {
  records: Records;
  vault: Pick<Vault, 'read' | 'digest'>;
  engine: Engine;
  audit: Audit;
  log: Logger;
  /** the reader's now */
  clock: () => Instant;
}
