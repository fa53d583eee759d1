/** So many of something in a second, evenly; what is not used up is saved for a second at most. */
export interface Pace {
  /** how many of so many may be begun now */
  take(wanted: number): number;
}

export function createPace(perSecond: number, now: () => number = () => performance.now()): Pace {
  let saved = 0;
  let last = now();
  return {
    take(wanted) {
      const at = now();
      saved = Math.min(perSecond, saved + ((at - last) / 1000) * perSecond);
      last = at;
      const given = Math.min(wanted, Math.floor(saved));
      saved -= given;
      return given;
    },
  };
}

/** For what has no limit of its own. */
export const unpaced: Pace = { take: (wanted) => wanted };

/** The same pace, and no more than another as long as something holds it; what was not used up meanwhile is not made up for. */
export function heldBy(isHeld: () => boolean, pace: Pace, whileHeld: Pace): Pace {
  return {
    take(wanted) {
      if (!isHeld()) return pace.take(wanted);
      pace.take(Number.MAX_SAFE_INTEGER);
      return whileHeld.take(wanted);
    },
  };
}
