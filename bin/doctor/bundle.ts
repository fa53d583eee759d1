import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { BUNDLE, BUNDLED, TRACED_BUNDLE } from '../bundle.js';
import { version } from '../version.js';
import type { Examined } from './examined.js';
import { ok, reasonOf, wrong, type Finding } from './finding.js';

/** The workflows that a worker runs, with traces or without: built ahead, whole, and of this version. */
export function checkBundle({ tracing }: Pick<Examined, 'tracing'>): Finding {
  const todo = 'run "npm run build", or install a whole image';
  try {
    new Script(readFileSync(tracing ? TRACED_BUNDLE : BUNDLE, 'utf8'));
    const built = readFileSync(BUNDLED, 'utf8').trim();
    if (built !== version) return wrong('workflow bundle', `it is of version ${built}, and this is ${version}`, todo);
    return ok('workflow bundle', `built, of version ${version}`);
  } catch (error) {
    return wrong('workflow bundle', `it cannot be used: ${reasonOf(error)}`, todo);
  }
}
