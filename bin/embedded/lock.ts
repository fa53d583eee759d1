import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { errorCode } from '../exit.js';
import { Identity, isAlive, ownIdentity } from './identity.js';

/**
 * Takes the data folder for this process. Answers the living process that already has it, or null when it is ours now.
 * A dead holder's lock is taken over.
 */
export function takeLock(path: string): Identity | null {
  const draft = `${path}.${String(process.pid)}`;
  writeFileSync(draft, JSON.stringify(ownIdentity()), { mode: 0o600 });
  try {
    for (;;) {
      if (linked(draft, path)) return null;
      const held = contentOf(path);
      if (held === null) continue;
      const holder = parse(held);
      if (holder && isAlive(holder)) return holder;
      setAside(path, held);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Between the look and the move another start may have put its own lock there: then it is put back. */
function setAside(path: string, held: string): void {
  const aside = `${path}.${String(process.pid)}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (contentOf(aside) !== held) linked(aside, path);
  rmSync(aside, { force: true });
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function parse(text: string): Identity | null {
  try {
    return Identity.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
