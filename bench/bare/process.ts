import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { CACHED_WORKFLOWS } from '../../bin/configuration.js';
import { installRuntime } from '../../bin/runtime.js';
import { compressionTo } from '../../bin/temporal.js';
import { BARE_QUEUE } from './queue.js';

// A worker of the bare workflow, with the settings of Threefold's own worker (bin/worker.ts).
const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
installRuntime();
const { code } = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('workflow.ts', import.meta.url)), logger: quiet });
const address = process.env['TEMPORAL_ADDRESS'] ?? '';
const connection = await NativeConnection.connect({ address, ...compressionTo(address) });
const worker = await Worker.create({
  connection,
  namespace: process.env['TEMPORAL_NAMESPACE'] ?? '',
  taskQueue: BARE_QUEUE,
  workflowBundle: { code },
  maxCachedWorkflows: CACHED_WORKFLOWS,
  stickyQueueScheduleToStartTimeout: '3s',
});
process.once('SIGTERM', () => worker.shutdown());
process.once('disconnect', () => process.exit());
const run = worker.run();
process.send?.('running');
await run;
await connection.close();
process.exit();

function ignore(): void {
  // the bundler tells nothing that a reader of the bench wants
}
