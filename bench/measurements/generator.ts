import { filing } from '../cases/filing.js';
import { comparisonOf, tableOf, type Comparison } from '../figures/comparison.js';
import { closedLoop } from '../load/closedLoop.js';
import { createHttp } from '../load/http.js';
import { sideBySide } from '../load/sideBySide.js';
import { firstMessage, forkScript, stopChild } from '../system/child.js';
import type { Section, Setting } from '../setting.js';

/** What the load generator itself can do: against a bare Express route in a process of its own, with and without body and zod. */
export async function measureGenerator({ options, say }: Setting): Promise<Section> {
  const server = forkScript(new URL('../express/process.ts', import.meta.url), {});
  try {
    const http = createHttp(`http://127.0.0.1:${String(await firstMessage(server))}`);
    const comparisons: Comparison[] = [];
    for (const callers of options.callers) {
      const slices = await sideBySide(
        [
          { name: 'POST with zod', run: (load) => closedLoop(load, () => http.send({ path: '/', bearer: null, body: filing(), status: 201 })) },
          { name: 'GET', run: (load) => closedLoop(load, () => http.send({ path: '/', bearer: null, status: 200 })) },
        ],
        { callers, seconds: Math.min(options.seconds, 2), slices: options.slices },
        (line) => say(`generator: ${line}`),
      );
      comparisons.push(comparisonOf('bare Express', callers, slices));
    }
    http.close();
    const table = tableOf(comparisons);
    return {
      name: 'generator',
      title: 'The load generator against a bare Express route',
      tables: [{ head: table.head.slice(0, 7), rows: table.rows.map((row) => row.slice(0, 7)) }],
      notes: ['What it does at most: rates near these would say more of the generator than of what is measured.'],
      comparisons,
    };
  } finally {
    await stopChild(server);
  }
}
