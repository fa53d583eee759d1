import { Command } from 'commander';
import { databaseUrlOf, temporalIfSet, type Environment } from '../configuration.js';
import { wrongUse } from '../exit.js';
import type { TemporalPlace } from '../temporal.js';
import { running } from './running.js';

/** `threefold migrate`: brings the database and the Temporal namespace, where one is configured, to what this version needs. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database of DATABASE_URL to this version, and register the search attributes of the TEMPORAL_… namespace')
    .option('--create-namespace', 'make the namespace, keeping closed histories for ten years, unless it is there')
    .action(run);
}

async function run({ createNamespace = false }: { createNamespace?: boolean }): Promise<void> {
  const { databaseUrl, temporal } = targets(process.env);
  if (createNamespace && !temporal) throw wrongUse('There is no namespace to make: TEMPORAL_ADDRESS is not set.');
  const { migrate } = await import('../../prisma/migrate.js');
  const applied = await migrate(databaseUrl);
  say(applied.length === 0 ? 'Database: nothing to do.' : `Database: migrations applied: ${applied.join(', ')}.`);
  if (!temporal) {
    say('Temporal: not configured (TEMPORAL_ADDRESS), so no search attributes are registered.');
    return;
  }
  const { prepareNamespace } = await import('../namespace.js');
  const { searchAttributeNames } = await import('../../engine/searchAttributes.js');
  const registered = await prepareNamespace(temporal, { create: createNamespace });
  const where = `Temporal namespace ${temporal.namespace}`;
  if (registered === null) say(`${where}: the server does not let its search attributes be listed or made. See that these are there: ${searchAttributeNames.join(', ')}.`);
  else say(registered.length === 0 ? `${where}: nothing to do.` : `${where}: search attributes registered: ${registered.join(', ')}.`);
}

/** Those of the environment where DATABASE_URL is set, else those of the running embedded set-up. */
function targets(env: Environment): { databaseUrl: string; temporal: TemporalPlace | null } {
  const url = databaseUrlOf(env);
  if (url !== null) return { databaseUrl: url, temporal: temporalIfSet(env) };
  const { databaseUrl, temporalAddress: address, temporalNamespace: namespace } = running(env);
  return { databaseUrl, temporal: { address, namespace } };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
