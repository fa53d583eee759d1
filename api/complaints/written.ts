import type { Clock } from '../../domain/sla/clock.js';
import type { Hours } from '../../domain/sla/openTime.js';
import type { Instant } from '../../domain/time.js';
import type { ComplaintView } from './shape.js';
import { consumedSeconds } from './view.js';

/** A view as JSON, in pieces, between which there is what its clocks have used by now. */
export interface WrittenView {
  pieces: Buffer[];
  /** those that have not ended, one between each two pieces */
  clocks: Clock[];
  hours: Hours;
}

/** In a text of JSON nothing but the field itself is written so: within words, quotes are escaped. */
const UNTIL_NOW = /(?<="consumedSeconds":)null/;

/**
 * Writes a view down. Time alone changes what clocks that go on have used, and nothing else of it.
 * @param clocks those of the view, in its order
 */
export function writeView(view: ComplaintView, clocks: readonly Clock[], hours: Hours): WrittenView {
  const goOn = clocks.map(({ end }) => end === null);
  const text = JSON.stringify({ ...view, clocks: view.clocks.map((clock, i) => (goOn[i] ? { ...clock, consumedSeconds: null } : clock)) });
  return { pieces: text.split(UNTIL_NOW).map((piece) => Buffer.from(piece)), clocks: clocks.filter((_, i) => goOn[i]), hours };
}

/** The pieces of a view as it stands at `now`: together, its JSON. */
export function readOut({ pieces, clocks, hours }: WrittenView, now: Instant): Buffer[] {
  return pieces.flatMap((piece, i) => {
    const clock = clocks[i];
    return clock ? [piece, Buffer.from(String(consumedSeconds(clock, hours, now)))] : [piece];
  });
}
