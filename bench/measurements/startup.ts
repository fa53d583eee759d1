import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../figures/percentile.js';
import type { Section, Setting } from '../setting.js';
import { startEmbedded } from '../system/embedded.js';

const LATER = 3;

/** How long the embedded set-up takes from its first line to ready: on an empty folder, and later on the same. */
export async function measureStartup({ say, options }: Setting): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'threefold-bench-start-'));
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  const starts: { start: number; stop: number }[] = [];
  try {
    for (let n = 0; n <= (options.short ? 1 : LATER); n += 1) {
      const system = await startEmbedded(dataDir);
      const stopping = performance.now();
      await system.stop();
      starts.push({ start: system.seconds, stop: (performance.now() - stopping) / 1000 });
      say(`startup: ${system.seconds.toFixed(1)} s`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const [first, ...later] = starts;
  const rows = [
    ['first start, on an empty folder', first?.start ?? null],
    [`later starts (median of ${later.length})`, median(later.map(({ start }) => start))],
    ['stop, in good order (median)', median(starts.map(({ stop }) => stop))],
  ];
  return {
    name: 'startup',
    title: 'Starting and stopping the embedded set-up',
    tables: [{ head: ['embedded set-up', 'seconds'], rows }],
    notes: ['From `threefold start` to "is ready", another set-up at rest beside it: database, engine, worker, API.'],
    comparisons: [],
    data: { starts },
  };
}
