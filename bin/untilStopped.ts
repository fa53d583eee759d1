/** Waits for SIGTERM or SIGINT; repeated ones change nothing. */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { resolve(); });
  });
}
