import type { ChildProcess } from 'node:child_process';

/** Waits for a child to end; answers its exit code, or null when a signal ended it or it could not be started. */
export function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
}
