import { Command } from 'commander';

/** `threefold api`: one API process, configured by the environment alone. */
export function apiCommand(): Command {
  return new Command('api').description('run an API process (DATABASE_URL, TEMPORAL_ADDRESS, …)').action(async () => {
    const { runApi } = await import('../api.js');
    await runApi(process.env);
  });
}
