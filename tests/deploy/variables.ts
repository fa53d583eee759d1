/** Variables that are not Threefold's, and are read all the same: by Node itself. */
const ofNode = ['NODE_ENV', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ'];

/** Whether a process of Threefold reads a variable; a known name may end in `*`. */
export function isRead(name: string, variables: readonly string[]): boolean {
  return ofNode.includes(name) || variables.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one));
}

/** The seconds that a process takes at most from the signal to its end, by its kind and what it is told (bin/api.ts, bin/worker.ts). */
export function secondsToStop(kind: string | undefined, told: (name: string) => string | undefined): number {
  const grace = Number(told('THREEFOLD_SHUTDOWN_GRACE_SECONDS') ?? 10);
  return kind === 'worker' ? 1.5 * grace + 8 : Number(told('THREEFOLD_DRAIN_SECONDS') ?? 0) + grace + 5;
}
