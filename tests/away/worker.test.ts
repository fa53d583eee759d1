import { outagesOf } from './outages.js';

/** Only commands wait for a worker; escalations are taken without one. */
outagesOf('worker', 'while no worker is there', [
  ['killed', ({ worker }) => worker.kill(), ({ worker }) => worker.start()],
  ['frozen', ({ worker }) => { worker.freeze(); }, ({ worker }) => { worker.thaw(); }],
  // the SDK's native part takes 45 s to notice, and nothing can be set
  ['lost on the way', ({ roads }) => { roads.workerEngine.swallow(); }, ({ roads }) => roads.workerEngine.pass()],
], ({ roads }) => [roads.workerEngine]);
