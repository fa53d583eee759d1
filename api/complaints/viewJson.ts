import type { Clock } from '../../domain/sla/clock.js';
import type { Hours } from '../../domain/sla/openTime.js';
import type { Instant } from '../../domain/time.js';
import type { ComplaintView } from './shape.js';
import { consumedSeconds } from './view.js';

/** A view as JSON, with a gap (`null`) for what each clock that goes on has used. */
export interface ViewJson {
  /** in memory of its own: a slice of Node's pool would keep what lies beside it */
  json: Buffer;
  /** where something is missing, in order, and the clock that it is missing of */
  gaps: { at: number; clock: Clock }[];
  hours: Hours;
}

/** In a text of JSON nothing but the field itself is written so: within words, quotes are escaped. */
const FIELD = '"consumedSeconds":';
const GAP = 'null';

/**
 * Writes a view down. Time alone changes what clocks that go on have used, and nothing else of it.
 * @param clocks those of the view, in its order
 */
export function jsonOf(view: ComplaintView, clocks: readonly Clock[], hours: Hours): ViewJson {
  const goOn = clocks.filter(({ end }) => end === null);
  const open = view.clocks.map((shown, i) => (clocks[i]?.end === null ? { ...shown, consumedSeconds: null } : shown));
  const text = JSON.stringify({ ...view, clocks: open });
  const json = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  json.write(text);
  let from = 0;
  const gaps = goOn.map((clock) => {
    const found = json.indexOf(FIELD + GAP, from);
    if (found < 0) throw new Error(`no gap was left for ${clock.id}`);
    from = found + FIELD.length;
    return { at: from, clock };
  });
  return { json, gaps, hours };
}

/** A view as it stands at `now`: together, its JSON. */
export function readOut({ json, gaps, hours }: ViewJson, now: Instant): Buffer[] {
  let from = 0;
  const filled = gaps.flatMap(({ at, clock }) => {
    const piece = json.subarray(from, at);
    from = at + GAP.length;
    return [piece, Buffer.from(String(consumedSeconds(clock, hours, now)))];
  });
  return [...filled, json.subarray(from)];
}
