/** Waits for some work, at most so long; false when it takes longer, which it may then do. Throws what the work throws meanwhile. */
export function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => { resolve(false); }, ms);
    work.then(() => { resolve(true); }, reject).finally(() => { clearTimeout(late); });
  });
}
