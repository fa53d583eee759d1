import { existsSync, readFileSync } from 'node:fs';

/** Threefold's version, from its package.json: beside `bin/` in the sources, one folder further up in `dist/`. */
export const version: string = read();

function read(): string {
  const file = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url)).find((path) => existsSync(path));
  const found: unknown = file && JSON.parse(readFileSync(file, 'utf8'));
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : '0';
}
