import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { BUNDLE, BUNDLED } from '../bundle.js';
import { version } from '../version.js';
import { ok, reasonOf, wrong, type Finding } from './finding.js';

/** The workflows that a worker runs: built ahead, whole, and of this version. */
export function checkBundle(): Finding {
  const todo = 'run "npm run build", or install a whole image';
  try {
    new Script(readFileSync(BUNDLE, 'utf8'));
    const built = readFileSync(BUNDLED, 'utf8').trim();
    if (built !== version) return wrong('workflow bundle', `it is of version ${built}, and this is ${version}`, todo);
    return ok('workflow bundle', `built, of version ${version}`);
  } catch (error) {
    return wrong('workflow bundle', `it cannot be used: ${reasonOf(error)}`, todo);
  }
}
