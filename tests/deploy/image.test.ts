import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variables } from '../../bin/configuration.js';
import { contextFiles, readIgnore, root } from './context.js';
import { last, pairs, readDockerfile } from './dockerfile.js';
import { isRead } from './variables.js';

const stages = readDockerfile(join(root, 'Dockerfile'));
const final = stages.at(-1)!;

describe('the image', () => {
  it('is built on bases that are pinned by a tag', () => {
    for (const { from } of stages) expect(from).toMatch(/^[a-z0-9./-]+:(?!latest$)[\w.-]+$/);
  });

  it('runs as a user that is not root, by number, so that Kubernetes can tell', () => {
    expect(last(final, 'USER')?.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('needs no shell to run, to be stopped or to be asked how it is', () => {
    expect(final.instructions.filter(({ keyword }) => keyword === 'RUN')).toEqual([]);
    for (const keyword of ['ENTRYPOINT', 'CMD', 'HEALTHCHECK']) expect(last(final, keyword)?.exec, keyword).not.toBeNull();
    expect(last(final, 'STOPSIGNAL')?.text).toBe('SIGTERM');
  });

  it('carries the labels by which registries tell what it is', () => {
    const labels = pairs(last(final, 'LABEL')!.text);
    for (const name of ['title', 'description', 'licenses', 'version', 'revision']) expect(labels[`org.opencontainers.image.${name}`], name).toBeTruthy();
    expect(labels['org.opencontainers.image.version']).toBe((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version);
  });

  it('sets only variables that are read', () => {
    for (const name of Object.keys(pairs(last(final, 'ENV')!.text))) expect(isRead(name, variables), name).toBe(true);
  });
});

describe('the build context', () => {
  const files = contextFiles();

  it('has every folder and file that the build reads', () => {
    const build = readFileSync(join(root, 'bin/build.mjs'), 'utf8');
    const folders = /const folders = \[([^\]]*)\]/.exec(build)![1]!.split(',').map((name) => name.trim().replaceAll('\'', ''));
    for (const folder of folders) expect(files.some((path) => path.startsWith(`${folder}/`)) || !existsSync(join(root, folder)), folder).toBe(true);
    for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) expect(files).toContain(path);
  });

  it('has nothing else: no tests, no data, no keys', () => {
    const passes = readIgnore(readFileSync(join(root, '.dockerignore'), 'utf8'));
    for (const path of ['.git/config', '.data/keys/master.key', '.env', 'node_modules/zod/index.js', 'dist/bin/api.js', 'prisma/generated/client.ts', 'tests/http/given.ts', 'deploy/compose/secrets/master.key', 'docs/errors.md']) {
      expect(passes(path), path).toBe(false);
    }
  });
});
