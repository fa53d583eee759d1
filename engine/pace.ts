/** So many of something in a second, evenly; what is not used up is saved for a second at most. */
export interface Pace {
  /** how many of so many may be begun now */
  take(wanted: number): number;
}

export function createPace(perSecond: number, now: () => number = Date.now): Pace {
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
