import { Command } from 'commander';
import { running } from './running.js';

/** `threefold info`: where the running embedded set-up answers. */
export function infoCommand(): Command {
  return new Command('info').description('print where the running set-up answers').option('--json', 'for machines').action(info);
}

function info({ json }: { json?: true }): void {
  const { api, ui, databaseUrl, temporalAddress, temporalNamespace } = running(process.env);
  if (json) {
    process.stdout.write(`${JSON.stringify({ api, databaseUrl, temporalAddress, temporalNamespace })}\n`);
    return;
  }
  const rows = { API: api, documentation: `${api}/docs`, database: databaseUrl, Temporal: temporalAddress, namespace: temporalNamespace, "Temporal's web UI": ui };
  for (const [name, value] of Object.entries(rows)) process.stdout.write(`${name.padEnd(18)} ${value}\n`);
}
