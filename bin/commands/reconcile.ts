import { Command } from 'commander';
import type { Orphan } from '../../engine/reconciler.js';
import { runningConfiguration } from './running.js';

/** `threefold reconcile`: names what lives in the record and runs nowhere, and what runs and has no record. */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description('compare what lives in the record with what runs in the engine; exit code 1 when they differ')
    .option('--json', 'for machines')
    .action(compare);
}

async function compare({ json }: { json?: true }): Promise<void> {
  const configuration = runningConfiguration(process.env);
  const { reconciled } = await import('../reconcile.js');
  const orphans: Orphan[] = [];
  for await (const orphan of reconciled(configuration)) {
    orphans.push(orphan);
    if (!json) process.stdout.write(lineOf(orphan));
  }
  if (json) process.stdout.write(`${JSON.stringify({ orphans })}\n`);
  else process.stdout.write(orphans.length === 0 ? 'Everything that lives runs.\n' : `${String(orphans.length)} found.\n`);
  if (orphans.length > 0) process.exitCode = 1;
}

function lineOf(orphan: Orphan): string {
  const { subject, id } = orphan;
  if (orphan.kind === 'workflow') return `${subject} ${id}: runs, and is not in the record\n`;
  return `${subject} ${id}: lives in the record, and ${orphan.status === null ? 'the engine knows no workflow of it' : `its workflow is ${orphan.status.toLowerCase()}`}\n`;
}
