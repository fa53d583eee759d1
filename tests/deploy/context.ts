import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What an engine would be handed of the checkout: all that Git keeps or would add, as far as `.dockerignore` lets it through. */
export function contextFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  const passes = readIgnore(readFileSync(join(root, '.dockerignore'), 'utf8'));
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)) && passes(path));
}

/** A `.dockerignore` as a question: the last line that matches a path, or a folder above it, decides. */
export function readIgnore(content: string): (path: string) => boolean {
  const rules = content.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')).map((line) => ({
    passes: line.startsWith('!'),
    pattern: patternOf(line.replace(/^!/, '')),
  }));
  return (path) => {
    const above = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
    return rules.findLast(({ pattern }) => above.some((one) => pattern.test(one)))?.passes ?? true;
  };
}

function patternOf(pattern: string): RegExp {
  if (/[?[\]\\]/.test(pattern)) throw new Error(`${pattern} is not understood`);
  const source = pattern.replaceAll('.', '\\.').replaceAll('**/', '\0').replaceAll('*', '[^/]*').replaceAll('\0', '(.*/)?');
  return new RegExp(`^${source}$`);
}
