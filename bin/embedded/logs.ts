import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const LARGEST = 50_000_000;

/**
 * Opens a log for a child to write to itself. Files, not pipes: a child whose parent was killed must not block on its output.
 * A log grown large is set aside as `.old`.
 */
export function appendTo(path: string): { fd: number; close: () => void } {
  if (existsSync(path) && statSync(path).size > LARGEST) renameSync(path, `${path}.old`);
  const fd = openSync(path, 'a', 0o600);
  return { fd, close: () => { closeSync(fd); } };
}

/** The last line of a log that says something, cut to what fits a sentence. */
export function tailOf(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const { size } = statSync(path);
    const buffer = Buffer.alloc(Math.min(size, 4096));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8').trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  } finally {
    closeSync(fd);
  }
}
