import type { ComplaintEvent } from '../domain/complaint/event.js';
import type { InvestigationEvent } from '../domain/investigation/event.js';

type Event = ComplaintEvent | InvestigationEvent;

/** Where record and replay do not agree. `field` is a path such as `data.clocks.0.dueAt`, or `event` when one side has none. */
export interface Difference {
  seq?: number | undefined;
  field: string;
  recorded: unknown;
  replayed: unknown;
}

/** Compares events one by one: who, when, what, every due date, warning, breach and rung (spec: evidence, replay). */
export function compareEvents(recorded: readonly Event[], replayed: readonly Event[]): Difference[] {
  const bySeq = new Map(replayed.map((event) => [event.seq, event]));
  const known = new Set(recorded.map(({ seq }) => seq));
  return [
    ...recorded.flatMap((event) => {
      const other = bySeq.get(event.seq);
      return other
        ? differences(event, other).map((one) => ({ seq: event.seq, ...one }))
        : [{ seq: event.seq, field: 'event', recorded: event, replayed: null }];
    }),
    ...replayed.filter(({ seq }) => !known.has(seq)).map((event) => ({ seq: event.seq, field: 'event', recorded: null, replayed: event })),
  ];
}

/** Every leaf at which two JSON values differ; a missing value and null are the same. */
export function differences(recorded: unknown, replayed: unknown, path = ''): Difference[] {
  if (isBranch(recorded) && isBranch(replayed) && Array.isArray(recorded) === Array.isArray(replayed)) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(replayed)]);
    return [...keys]
      .sort()
      .flatMap((key) => differences(valueOf(recorded, key), valueOf(replayed, key), path === '' ? key : `${path}.${key}`));
  }
  const [left, right] = [recorded ?? null, replayed ?? null];
  return Object.is(left, right) ? [] : [{ field: path, recorded: left, replayed: right }];
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function valueOf(branch: object, key: string): unknown {
  return Object.hasOwn(branch, key) ? Reflect.get(branch, key) : undefined;
}
