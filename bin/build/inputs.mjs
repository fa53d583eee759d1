// What a build step has read, remembered by content under dist/.build, and the lock that keeps two builds apart.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const memory = 'dist/.build';
const seen = new Map();

/** Paths of the files below `folders` for which `wanted` holds, relative to `base`, sorted. */
export function filesIn(folders, wanted, base = process.cwd()) {
  const found = [];
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = relative(base, join(entry.parentPath ?? entry.path, entry.name));
      if (entry.isFile() && wanted(path)) found.push(path);
    }
  }
  return found.sort();
}

/** Whether `step` has to run: an input differs from what it was when the step last succeeded, or an output is not there. */
export function changed(step, inputs, outputs) {
  const hash = createHash('sha256');
  for (const path of inputs) hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  seen.set(step, hash.digest('hex'));
  const before = join(memory, step);
  return !outputs.every((path) => existsSync(path)) || !existsSync(before) || readFileSync(before, 'utf8') !== seen.get(step);
}

/** Remembers that `step` has succeeded with the inputs `changed` looked at. */
export function remember(step) {
  mkdirSync(memory, { recursive: true });
  writeFileSync(join(memory, step), seen.get(step));
}

/** Waits until no other build writes to `dist`; answers how to let the next one in. */
export async function alone(dist) {
  mkdirSync(dist, { recursive: true });
  const lock = join(dist, '.building');
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isOver(lock)) rmSync(lock, { force: true });
      else await pause(100);
    }
  }
}

function isOver(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
