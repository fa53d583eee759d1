/**
 * How somebody who is away is asked: one attempt at a time, with growing pauses, until one succeeds. Then everything goes on at
 * once. One that fails by itself is no sign of that; several in a row, without a success between them, are.
 */
export interface Patience {
  /** how many of so many attempts may be made now; each is answered for by `succeeded`, `failed` or `unused` */
  admit(wanted: number): number;
  succeeded(): void;
  /** @param away it is known that nobody answers, however few have failed */
  failed(away: boolean): void;
  /** so many that were admitted were not made */
  unused(count: number): void;
  /** whether attempts are being held back */
  readonly waits: boolean;
}

export interface PatienceOptions {
  /** failures in a row from which on only one attempt is made at a time */
  most: number;
  firstPauseMs?: number;
  longestPauseMs?: number;
  now?: () => number;
}

export function createPatience(options: PatienceOptions): Patience {
  const { most, firstPauseMs = 500, longestPauseMs = 10_000, now = () => performance.now() } = options;
  let failures = 0;
  let under = 0;
  let pauseMs = 0;
  let until = 0;
  const waits = (): boolean => pauseMs > 0;
  return {
    get waits() {
      return waits();
    },
    admit(wanted) {
      const admitted = !waits() ? wanted : under > 0 || now() < until ? 0 : Math.min(1, wanted);
      under += admitted;
      return admitted;
    },
    succeeded() {
      under -= 1;
      failures = 0;
      pauseMs = 0;
    },
    failed(away) {
      under -= 1;
      failures += 1;
      if (!away && failures < most) return;
      // those that were under way together fail together: that is one reason to wait, not several
      if (waits() && now() < until) return;
      pauseMs = Math.min(longestPauseMs, waits() ? pauseMs * 2 : firstPauseMs);
      until = now() + pauseMs;
    },
    unused(count) {
      under -= count;
    },
  };
}
