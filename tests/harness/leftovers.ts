import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { end, Identity, isAlive, ownIdentity } from '../../bin/embedded/identity.js';
import { endOrphans } from '../../bin/embedded/orphans.js';
import { readState } from '../../bin/embedded/state.js';

const PREFIX = 'threefold-tests-';
const Owner = z.object({ owner: Identity, children: z.array(Identity) });

/** The temporary folder of one run of the tests, and the processes that belong to it. */
export interface RunFolder {
  path: string;
  /** remembers a process that has to end with the run */
  owns(child: Identity): void;
  /** ends those processes and removes the folder */
  remove(): Promise<void>;
}

/** Makes the folder; first ends what runs that were killed have left. */
export async function openRunFolder(): Promise<RunFolder> {
  await endLeftovers();
  const path = mkdtempSync(join(tmpdir(), PREFIX));
  // Started by root, Postgres runs as another user, who has to pass through.
  chmodSync(path, 0o711);
  const content = { owner: ownIdentity(), children: [] as Identity[] };
  const write = (): void => writeFileSync(join(path, 'owner.json'), JSON.stringify(content), { mode: 0o600 });
  write();
  return {
    path,
    owns: (child) => {
      content.children.push(child);
      write();
    },
    remove: () => remove(path, content.children),
  };
}

const NOTE = '.process';

/** Remembers, in a folder of a test or one right below it, a process that a test has started: it ends with the run, however that ends. */
export function noteProcess(folder: string, child: Identity): void {
  writeFileSync(join(folder, `${String(child.pid)}${NOTE}`), JSON.stringify(child), { mode: 0o600 });
}

/** What was noted below the folder of a run: two folders down, and no further. */
function noted(path: string): Identity[] {
  const folders = [path, ...foldersIn(path)].flatMap((folder) => foldersIn(folder));
  return folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(NOTE))
    .map((name) => Identity.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))));
}

function foldersIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
}

async function endLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const path = join(tmpdir(), name);
    const left = read(path);
    if (left && !isAlive(left.owner)) await remove(path, left.children);
  }
}

/** A whole set-up that a test started and did not stop. */
async function endSetUp(file: string): Promise<void> {
  const state = readState(file);
  if (state?.parent) await end(state.parent, 'SIGTERM', 30_000);
  await endOrphans(readState(file), () => undefined);
}

function read(path: string): z.infer<typeof Owner> | null {
  try {
    return Owner.parse(JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8')));
  } catch {
    return null;
  }
}

async function remove(path: string, children: readonly Identity[]): Promise<void> {
  for (const name of readdirSync(path)) await endSetUp(join(path, name, 'state.json'));
  // SIGINT is Postgres' fast shutdown, and Temporal takes it as its end too.
  await Promise.all([...children, ...noted(path)].map((child) => end(child, 'SIGINT', 10_000)));
  rmSync(path, { recursive: true, force: true });
}
