import { Command } from 'commander';
import { databaseUrl } from './running.js';

/** `threefold migrate`: brings the database of DATABASE_URL (or of the running set-up) to this version. */
export function migrateCommand(): Command {
  return new Command('migrate').description('bring the database of DATABASE_URL to this version').action(async () => {
    const url = databaseUrl(process.env);
    const { migrate } = await import('../../prisma/migrate.js');
    const applied = await migrate(url);
    process.stdout.write(applied.length === 0 ? 'Nothing to do.\n' : `Migrations applied: ${applied.join(', ')}.\n`);
  });
}
