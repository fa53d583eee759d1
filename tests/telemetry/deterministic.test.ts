import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareEvents } from '../../audit/compare.js';
import { runsOf } from '../../audit/history.js';
import { createReplayer, type Event } from '../../audit/replay.js';
import { installRuntime } from '../../bin/runtime.js';
import { publishPolicy } from '../../prisma/policies.js';
import { openTelemetry } from '../../telemetry/open.js';
import { freshDatabase } from '../harness/database.js';
import { openStage, type Stage } from '../harness/stage.js';
import { freshNamespace } from '../harness/temporal.js';
import { paths } from '../replay/paths.js';
import { calm, hasty } from '../workflows/policies.js';
import { startCollector, type Collector } from './collector.js';

const traced = resolve('dist/workflows.traced.bundle.js');
const folder = join(import.meta.dirname, '../replay/histories');

describe('histories of plain workers', () => {
  installRuntime();
  const replayer = createReplayer({ codePath: traced });
  const names = readdirSync(folder).flatMap((version) =>
    readdirSync(join(folder, version)).filter((file) => !file.endsWith('.events.json')).map((file) => `${version}/${file.replace(/\.json$/, '')}`));

  it.each(names)('%s replays with the code of traced ones', async (name) => {
    const history = read(`${name}.json`) as { events: unknown[] };
    const [first] = history.events as { workflowExecutionStartedEventAttributes: { workflowId: string } }[];
    const { deterministic, reason, events } = await replayer.replay(first?.workflowExecutionStartedEventAttributes.workflowId ?? '', runsOf(history));
    expect({ deterministic, reason }).toEqual({ deterministic: true, reason: null });
    expect(compareEvents(read(`${name}.events.json`) as Event[], events)).toEqual([]);
  });
});

describe('histories of traced workers', () => {
  /** updates with an activity, signals beside updates, timers that fire, news between two workflows, ends */
  const chosen = ['signal-taken-and-refused', 'breached-climbed-acknowledged', 'unanswered', 'paused-resumed-by-limit', 'returned-redispatched', 'investigated-verified-closed', 'waived'];
  let collector: Collector;
  let stage: Stage;
  const left = new Map<string, Awaited<ReturnType<(typeof paths)[string]>>>();

  beforeAll(async () => {
    collector = await startCollector();
    const telemetry = await openTelemetry({ tracing: { endpoint: collector.endpoint, service: 'threefold-test', version: '1' }, core: null });
    stage = openStage({ databaseUrl: await freshDatabase(), place: await freshNamespace(), instruments: { ...telemetry, bundle: traced } });
    for (const policy of [calm, hasty]) await publishPolicy(stage.parts.database, policy, 'admin');
    await stage.startWorker();
    await Promise.all(chosen.map(async (name) => left.set(name, await paths[name]!(stage))));
  });
  afterAll(async () => {
    await stage.close();
    await collector.close();
  });

  it.each(chosen)('%s replays with the code of plain ones, as it was recorded', async (name) => {
    const { complaint, investigation } = left.get(name) ?? {};
    for (const [subject, id] of [['complaint', complaint], ['investigation', investigation]] as const) {
      if (id === undefined) continue;
      const { events } = await stage.parts.client.workflow.getHandle(`${subject}-${id}`).fetchHistory();
      expect(JSON.stringify(events).includes('_tracer-data')).toBe(true);
      expect(await stage.parts.audit.replay(subject, id)).toMatchObject({ deterministic: true, differences: [] });
    }
  });
});

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
