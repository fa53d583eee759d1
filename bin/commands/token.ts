import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { roles, type Role } from '../../domain/event.js';
import { readSettings } from '../configuration.js';
import { failed, wrongUse } from '../exit.js';
import { keyFilesOf, readPrivateKey } from '../keys.js';
import { issueToken } from '../tokens.js';

interface Options {
  role: Role[];
  sub: string;
  department?: string;
  rung?: number;
}

/** `threefold token`: prints a token of the embedded set-up, and nothing else. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('print a token that the API of the embedded set-up takes for a day')
    .addOption(new Option('--role <role...>', 'who the token is for; several for several roles').choices(roles).makeOptionMandatory())
    .requiredOption('--sub <sub>', 'the opaque id of the person', filled)
    .option('--department <code>', 'their department', filled)
    .option('--rung <n>', 'a supervisor\'s rung, 1 to 3', rung)
    .action(token);
}

async function token({ role, sub, department, rung }: Options): Promise<void> {
  if (role.includes('department') && department === undefined) throw wrongUse('threefold: a token for the role department needs --department.');
  const { dataDir } = readSettings(process.env);
  const file = keyFilesOf(dataDir).token;
  if (!existsSync(file)) throw failed(`There is no set-up in ${dataDir} yet: run "npm start" first, or set THREEFOLD_DATA to its folder.`);
  const claims = { sub, roles: role, ...(department === undefined ? {} : { department }), ...(rung === undefined ? {} : { rung }) };
  process.stdout.write(`${await issueToken(readPrivateKey(file), claims)}\n`);
}

function filled(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}

function rung(value: string): number {
  if (!/^[123]$/.test(value)) throw new InvalidArgumentError('It is 1, 2 or 3.');
  return Number(value);
}
