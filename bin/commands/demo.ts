import { Command } from 'commander';
import { failed } from '../exit.js';

/** `threefold demo`: drives complaints through all three levels on an empty or running set-up and shows what happened. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('drive 60 complaints through all three levels and show what happened')
    .option('--exit', 'stop what the demo itself has started when it is done')
    .action(() => {
      throw failed('This build has no demo yet.');
    });
}
