/** Work that is done again and again until it is stopped. */
export interface Repeating {
  /** no more is begun, and what is under way is waited for */
  stop(): Promise<void>;
}

/**
 * Does something so long after it has ended, again and again; what it throws is told, and ends nothing.
 * @param work is told whether it has been stopped meanwhile
 */
export function startRepeating(
  everyMs: number, work: (isStopped: () => boolean) => Promise<void>, onFailure: (error: unknown) => void,
): Repeating {
  let stopped = false;
  const isStopped = (): boolean => stopped;
  let timer: NodeJS.Timeout | undefined;
  let under = Promise.resolve();

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      under = work(isStopped).catch(onFailure).finally(next);
    }, everyMs);
  }

  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await under;
    },
  };
}
