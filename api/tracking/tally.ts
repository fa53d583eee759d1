/** How many of something are let through within a time that begins with the first. */
export interface Limit {
  most: number;
  withinMs: number;
}

export interface Tally {
  /** seconds until `key` has something left; 0 when it has */
  wait(key: string): number;
  add(key: string): void;
}

/** Counts by key, in the memory of this process; a key is forgotten with its time. */
export function createTally({ most, withinMs }: Limit): Tally {
  // in the order of their end, since all last as long
  const counted = new Map<string, { until: number; count: number }>();

  function forgetOld(now: number): void {
    for (const [key, { until }] of counted) {
      if (until > now) return;
      counted.delete(key);
    }
  }

  return {
    wait(key) {
      const now = Date.now();
      forgetOld(now);
      const known = counted.get(key);
      return known && known.count >= most ? Math.ceil((known.until - now) / 1000) : 0;
    },
    add(key) {
      const now = Date.now();
      forgetOld(now);
      const known = counted.get(key);
      if (known) known.count += 1;
      else counted.set(key, { until: now + withinMs, count: 1 });
    },
  };
}
