import { Command, CommanderError } from 'commander';
import { reasonOf } from './doctor/finding.js';
import { errorCode, Exit } from './exit.js';
import { apiCommand } from './commands/api.js';
import { auditCommand } from './commands/audit.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { infoCommand } from './commands/info.js';
import { keyCommand } from './commands/key.js';
import { migrateCommand } from './commands/migrate.js';
import { reconcileCommand } from './commands/reconcile.js';
import { startCommand } from './commands/start.js';
import { tokenCommand } from './commands/token.js';
import { workerCommand } from './commands/worker.js';

const people = [startCommand, infoCommand, tokenCommand, keyCommand, auditCommand, reconcileCommand, demoCommand];
const processes = [migrateCommand, apiCommand, workerCommand, doctorCommand];

/** Runs one `threefold` command; sets the exit code: 0, 1 (did not hold) or 2 (wrong use), with one line on stderr. */
export async function main(args: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unread);
  try {
    await program().parseAsync(args.length === 0 ? ['help'] : args, { from: 'user' });
  } catch (error) {
    process.exitCode = await report(error);
  }
}

/**
 * A reader such as `head` that has seen enough is no failure. Whoever has processes to stop, or to be one, goes on unread until a signal:
 * also where the terminal is gone, or the disk under the log is full.
 */
function unread(error: Error): void {
  if (process.listenerCount('SIGTERM') > 0) return;
  if (errorCode(error) === 'EPIPE') process.exit(0);
  throw error;
}

function program(): Command {
  const threefold = new Command('threefold')
    .description('Customer complaints through three levels, each one durable workflow.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => { write(oneLine(text)); } });
  for (const command of [...people, ...processes]) threefold.addCommand(command().copyInheritedSettings(threefold));
  for (const command of threefold.commands) for (const sub of command.commands) sub.copyInheritedSettings(threefold);
  return threefold;
}

/** Commander's own errors have been written by then; help counts as success. */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Exit) {
    process.stderr.write(`${error.message}\n`);
    return error.code;
  }
  process.stderr.write(`threefold: ${(await toldInOneLine(error)) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
  return 1;
}

/** What is wrong around us is told in a line; where in our code it was met helps nobody. Null for a fault of our own. */
async function toldInOneLine(error: unknown): Promise<string | null> {
  if (!(error instanceof Error)) return null;
  // most commands need none of these, and none that goes well
  const [{ EngineAway }, { isDatabaseAway }, { MigrationFailed }] = await Promise.all([import('../engine/failure.js'), import('../prisma/away.js'), import('../prisma/migrate.js')]);
  const isOutside = isDatabaseAway(error) || error instanceof EngineAway || error instanceof MigrationFailed || 'syscall' in error;
  return isOutside ? reasonOf(error) : null;
}

function oneLine(text: string): string {
  return `${text.trim().replace(/^error: /, 'threefold: ').replace(/\s*\n\s*/g, ' ')}\n`;
}
