import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Identity, isAlive } from './identity.js';

/** The parts of an embedded set-up, in the order in which they are stopped. */
export const parts = ['api', 'worker', 'temporal', 'postgres'] as const;
export type Part = (typeof parts)[number];

const Ports = z.object({ api: z.int(), postgres: z.int(), temporal: z.int(), ui: z.int() });
export type Ports = z.infer<typeof Ports>;

/** What a running set-up is, on disk: for `threefold info`, and for the next start to end what a dead parent left. */
const State = z.object({
  parent: Identity.nullable(),
  ready: z.boolean(),
  ports: Ports,
  processes: z.partialRecord(z.enum(parts), Identity),
  api: z.string(),
  ui: z.string(),
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
});
export type State = z.infer<typeof State>;

/** The state left on disk, or null where there is none that can be read. */
export function readState(path: string): State | null {
  try {
    return State.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** The state of a set-up that runs now, or null. */
export function readRunning(path: string): State | null {
  const state = readState(path);
  return state?.parent && isAlive(state.parent) ? state : null;
}

/** Written in one go, since a kill may come at any instant; synchronously, so that no child runs unknown. */
export function writeState(path: string, state: State): void {
  const draft = `${path}.${String(process.pid)}`;
  writeFileSync(draft, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(draft, path);
}
