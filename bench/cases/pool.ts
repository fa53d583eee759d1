import { RanDry, type Load } from '../load/closedLoop.js';

/** What a caller has in hand: one of those made ready, and how often it has been used. */
interface InHand<T> {
  one: T;
  used: number;
}

/** Cases (or whatever is called about) that are made ready before a slice and used up in it, each by one caller, so many times. */
export interface UsedUp<T> {
  /** makes ready as many as a slice can need, going by the fastest so far */
  prepare(load: Load): Promise<void>;
  /** the caller's own one, and which use of it this is, from 0. Throws `RanDry` */
  next(caller: number): { one: T; nth: number };
  /** tells how fast a slice was */
  fast(perSecond: number): void;
}

const FIRST_GUESS = 150;
const SPARE = 1.6;
const MAKERS = 16;

export function usedUp<T>(uses: number, make: () => Promise<T>, made: () => Promise<void>): UsedUp<T> {
  const ready: T[] = [];
  const hands = new Map<number, InHand<T>>();
  let fastest = 0;
  return {
    async prepare({ callers, seconds }) {
      const wanted = callers + Math.ceil(((fastest || FIRST_GUESS) * seconds * SPARE) / uses) - ready.length;
      let left = wanted;
      await Promise.all(Array.from({ length: MAKERS }, async () => {
        while (left-- > 0) ready.push(await make());
      }));
      await made();
    },
    next(caller) {
      let hand = hands.get(caller);
      if (!hand || hand.used === uses) {
        const one = ready.shift();
        if (one === undefined) throw new RanDry();
        hand = { one, used: 0 };
        hands.set(caller, hand);
      }
      hand.used += 1;
      return { one: hand.one, nth: hand.used - 1 };
    },
    fast: (perSecond) => (fastest = Math.max(fastest, perSecond)),
  };
}
