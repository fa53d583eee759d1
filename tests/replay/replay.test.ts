import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.js';
import { compareEvents } from '../../audit/compare.js';
import { runsOf } from '../../audit/history.js';
import { createReplayer, type Event } from '../../audit/replay.js';
import { installRuntime } from '../../bin/runtime.js';
import { commandNames } from '../../domain/complaint/command.js';
import { investigationCommandNames } from '../../domain/investigation/command.js';

const folder = join(import.meta.dirname, 'histories');
const bundle = join(import.meta.dirname, '../../dist/workflows.bundle.js');

interface Kept {
  name: string;
  history: { events: unknown[] };
  events: Event[];
}

const kept = readdirSync(folder).flatMap((version) =>
  readdirSync(join(folder, version))
    .filter((file) => !file.endsWith('.events.json'))
    .map((file): Kept => {
      const name = `${version}/${file.replace(/\.json$/, '')}`;
      return { name, history: read(`${name}.json`) as Kept['history'], events: read(`${name}.events.json`) as Event[] };
    }),
);

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

installRuntime();

describe('evidence, replay: a history kept from an earlier day', () => {
  const replayer = createReplayer({ codePath: bundle });

  it.each(kept)('$name yields the events that were recorded', async ({ history, events }) => {
    const { deterministic, reason, events: replayed } = await replayer.replay(workflowIdOf(history), runsOf(history));
    expect({ deterministic, reason }).toEqual({ deterministic: true, reason: null });
    expect(compareEvents(events, replayed)).toEqual([]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  });

  it.each(kept)('$name says nothing in plain words', ({ history }) => {
    const payloads = [...JSON.stringify(history).matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) => Buffer.from(data, 'base64').toString());
    // the texts that the paths put into the vault begin so
    expect(payloads.filter((text) => text.includes('words '))).toEqual([]);
  });
});

describe('evidence, replay: the histories kept cover', () => {
  it.each(['complaint', 'investigation'])('every event of %s', (subject) => {
    const source = readFileSync(join(import.meta.dirname, `../../domain/${subject}/event.ts`), 'utf8');
    const types = [...source.matchAll(/Recorded<\s*'(\w+)'/g)].map(([, type]) => type);
    expect(types.length).toBeGreaterThan(10);
    const seen = new Set<string>(kept.flatMap(({ events }) => events.map(({ type }) => type)));
    expect(types.filter((type) => type !== undefined && !seen.has(type))).toEqual([]);
  });

  it('every command, and the signal', () => {
    // `close` is the door that tells what is missing: it is always refused, and what is refused is in no history
    const never = ['close'];
    const seen = new Set([...named('workflowExecutionUpdateAcceptedEventAttributes'), ...named('workflowExecutionSignaledEventAttributes')]);
    const all = [...commandNames, ...investigationCommandNames, 'escalate'];
    expect(all.filter((name) => !seen.has(name))).toEqual(never);
  });

  it('every activity, timers that fired and were cancelled, and a run that went on in another', () => {
    const activities: Record<keyof Activities, true> = { record: true, attemptFollowUp: true, tellCases: true };
    const seen = new Set(named('activityTaskScheduledEventAttributes'));
    expect(Object.keys(activities).filter((name) => !seen.has(name))).toEqual([]);
    for (const kind of ['timerFired', 'timerCanceled', 'workflowExecutionContinuedAsNew', 'workflowExecutionCompleted']) {
      expect(attributes(`${kind}EventAttributes`).length, kind).toBeGreaterThan(0);
    }
  });

  /** The names of updates, signals or activities in events of a kind. */
  function named(kind: string): string[] {
    return attributes(kind).flatMap((one) => {
      const { acceptedRequest, signalName, activityType } = one as { acceptedRequest?: { input?: { name?: string } }; signalName?: string; activityType?: { name?: string } };
      return [acceptedRequest?.input?.name, signalName, activityType?.name].filter((name) => name !== undefined);
    });
  }

  function attributes(kind: string): unknown[] {
    return kept.flatMap(({ history }) => history.events.map((event) => (event as Record<string, unknown>)[kind])).filter((one) => one !== undefined);
  }
});

function workflowIdOf({ events: [first] }: Kept['history']): string {
  const { workflowExecutionStartedEventAttributes: started } = first as { workflowExecutionStartedEventAttributes: { workflowId: string } };
  return started.workflowId;
}
