import { Command } from 'commander';

/** `threefold worker`: one worker process, configured by the environment alone. */
export function workerCommand(): Command {
  return new Command('worker').description('run a worker process (DATABASE_URL, TEMPORAL_ADDRESS, …)').action(async () => {
    const { runWorker } = await import('../worker.js');
    await runWorker(process.env);
  });
}
