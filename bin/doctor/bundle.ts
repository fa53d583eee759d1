import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { BUNDLE, BUNDLED, TRACED_BUNDLE } from '../bundle.js';
import { version } from '../version.js';
import type { Examined } from './examined.js';
import { ok, reasonOf, wrong, type Finding } from './finding.js';

/** The workflows that are replayed and that a worker runs, with traces where there are: built ahead, whole, and of this version. */
export function checkBundle({ tracing }: Pick<Examined, 'tracing'>): Finding {
  const todo = 'run "npm run build", or install a whole image';
  try {
    for (const path of tracing ? [BUNDLE, TRACED_BUNDLE] : [BUNDLE]) new Script(readFileSync(path, 'utf8'));
    const built = readFileSync(BUNDLED, 'utf8').trim();
    if (built !== version) return wrong('workflow bundle', `it is of version ${built}, and this is ${version}`, todo);
    return ok('workflow bundle', `built, of version ${version}`);
  } catch (error) {
    return wrong('workflow bundle', `it cannot be used: ${reasonOf(error)}`, todo);
  }
}
