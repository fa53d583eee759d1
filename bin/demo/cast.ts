import type { Path } from './path.js';
import { channels } from './scenes/channels.js';
import { departments } from './scenes/departments.js';
import { ladder } from './scenes/ladder.js';
import { levels } from './scenes/levels.js';
import { service } from './scenes/service.js';
import type { Row } from './rows.js';

/** Every path of the demo. Those that channels file come on top of the rehearsal's sixty. */
export const paths: readonly Path[] = [...service, ...departments, ...ladder, ...levels, ...channels];

/** A path and the rows that take it. */
export interface Part {
  path: Path;
  rows: Row[];
}

/** Gives each path the first rows that fit it, the choosiest path first. Throws where too few rows are left. */
export function castOf(rows: readonly Row[], all: readonly Path[] = paths): Part[] {
  const left = new Set(rows);
  const choices = new Map(all.map((path) => [path, rows.filter((row) => path.fits?.(row) ?? true)]));
  const fitting = (path: Path): Row[] => choices.get(path) ?? [];
  const parts = new Map<Path, Part>();
  for (const path of [...all].sort((a, b) => fitting(a).length - fitting(b).length)) {
    const chosen = fitting(path).filter((row) => left.has(row)).slice(0, path.cases);
    if (chosen.length < path.cases) throw new Error(`too few complaints for the path ${path.name}: ${chosen.length} of ${path.cases}`);
    for (const row of chosen) left.delete(row);
    parts.set(path, { path, rows: chosen });
  }
  return all.flatMap((path) => parts.get(path) ?? []);
}
