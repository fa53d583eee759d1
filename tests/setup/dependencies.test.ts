import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
const folders = (JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as { include: string[] }).include;

/** Packages that the sources of what is built import, but for types alone. */
function imported(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const all = [...source.matchAll(/^(?:import|export) (?!type)[^;]*?from '([^.'][^']*)'|^import '([^.'][^']*)'|import\('([^.'][^']*)'\)/gm)];
  return all.map(([, one, two, three]) => one ?? two ?? three ?? '');
}

it('what runs needs none of the packages that only building and testing need', () => {
  const sources = folders.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => join(root, folder, path)));
  const packages = new Set(sources.flatMap(imported).filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/')));
  expect(packages.size).toBeGreaterThan(15);
  expect([...packages].filter((name) => !(name in manifest.dependencies))).toEqual([]);
});
