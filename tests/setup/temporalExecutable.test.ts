import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildTemporal, findTemporal, type Looking } from '../../bin/embedded/temporalExecutable.js';
import { freshFolder } from '../harness/threefold.js';

const WORKS = '#!/bin/sh\necho "temporal version 1.5.1"\n';
const FAILS = '#!/bin/sh\nexit 1\n';

describe('the Temporal server is looked for', () => {
  let folder: string;
  let said: string[];
  let looking: Looking;

  beforeEach(() => {
    folder = freshFolder();
    said = [];
    looking = { wanted: null, path: join(folder, 'path'), cacheDir: join(folder, 'cache'), say: (line) => said.push(line) };
  });

  it('first where THREEFOLD_TEMPORAL says', async () => {
    const wanted = program('own/temporal', WORKS);
    program('path/temporal', WORKS);
    expect(await findTemporal({ ...looking, wanted })).toBe(wanted);
  });

  it('and nowhere else, when that does not run', async () => {
    program('path/temporal', WORKS);
    await expect(findTemporal({ ...looking, wanted: program('own/temporal', FAILS) })).rejects.toMatchObject({ code: 2 });
  });

  it('then on the PATH, then in the cache', async () => {
    const cached = program('cache/bin/temporal', WORKS);
    expect(await findTemporal(looking)).toBe(cached);
    const broken = program('path/temporal', FAILS);
    expect(await findTemporal(looking)).toBe(cached);
    writeFileSync(broken, WORKS);
    expect(await findTemporal(looking)).toBe(broken);
  });

  it('and is built by Go into the cache, whole or not at all', async () => {
    program('path/go', `#!/bin/sh\nprintf '%s' '${WORKS}' > "$GOBIN/temporal"\n`);
    const built = await buildTemporal(looking);
    expect(built).toBe(join(looking.cacheDir, 'bin/temporal'));
    expect(await findTemporal(looking)).toBe(built);
    expect(readdirSync(looking.cacheDir)).toEqual(['bin']);
  });

  it('and says so when the build does not work', async () => {
    program('path/go', '#!/bin/sh\necho "no network" >&2\nexit 1\n');
    expect(await buildTemporal(looking)).toBeNull();
    expect(said.at(-1)).toBe('The build did not work (no network).');
    expect(readdirSync(looking.cacheDir)).toEqual(['bin']);
  });

  it('and Go is not asked for where it is not', async () => {
    expect(await buildTemporal(looking)).toBeNull();
    expect(said).toEqual([]);
  });

  function program(name: string, text: string): string {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  }
});
