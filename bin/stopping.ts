/** Waits for SIGTERM or SIGINT; repeated ones change nothing. */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { resolve(); });
  });
}

/**
 * Ends the process at the latest then. What it has under way with somebody who does not answer is safe to cut: whatever was
 * acknowledged is written down, and the next process goes on with it.
 */
export function endWithin(ms: number): void {
  setTimeout(() => process.exit(), ms).unref();
}
