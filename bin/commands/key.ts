import { Command } from 'commander';
import { wrongUse } from '../exit.js';
import { databaseUrl } from './running.js';

/** `threefold key create`: makes a channel's API key and prints it, once. */
export function keyCommand(): Command {
  const create = new Command('create')
    .description('make an API key for a channel and print it; it is not shown again')
    .option('--name <name>', 'what the channel is called', 'channel')
    .action(createKey);
  return new Command('key').description('API keys of channels').addCommand(create);
}

async function createKey({ name }: { name: string }): Promise<void> {
  if (name.trim() === '') throw wrongUse('threefold: the name of a key must not be empty.');
  const url = databaseUrl(process.env);
  const [{ openDatabase }, keys] = await Promise.all([import('../../prisma/database.js'), import('../../prisma/keys.js')]);
  const database = openDatabase({ url, poolSize: 1 });
  try {
    const { key } = await keys.createKey(database, name);
    process.stdout.write(`${key}\n`);
  } finally {
    await database.close();
  }
}
